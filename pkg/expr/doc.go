// Package expr reads and evaluates the expressions with which users and the house
// itself choose hosts, datastores and networks: requirements such as
//
//	(CLUSTER_ID = 0) & !(NAME = "gpu*") & FREE_CPU > 100
//
// and ranks such as "FREE_MEM - 10 * RUNNING_VMS". Placement asks them of every
// candidate, so they are read once and evaluated many times.
//
// The language is the one of OpenNebula 7.4 (src/parsers/expr_parser.l,
// expr_bool.y, expr_arith.y) with its surprises:
//
//   - & and | bind equally and are read from left to right; ! binds to one term;
//   - a term about an attribute that is absent is false, also with !=;
//   - a whole number is compared with the whole number at the front of the value,
//     so that CPU = 3 is true of "3.5";
//   - of several values, all operators but @> look at the first;
//   - in a rank, a sign that is apart from a number is that of the whole product:
//     2 / - A * B is 2 / -(A * B);
//   - a path with a slash needs quotes: "CLUSTERS/ID" @> 100;
//   - characters that mean nothing, such as a newline, are passed over;
//   - nothing at all is a requirement that everything meets, and the rank 0.
//
// Better here than there: RANK may say FREE_CPU-5, numbers do not overflow at
// 2 147 483 647, and an error says where it is.
package expr
