// Package expr parses and evaluates the expressions by which users, and the server itself,
// choose hosts, datastores and networks: requirements such as
//
//	(CLUSTER_ID = 0) & !(NAME = "gpu*") & FREE_CPU > 100
//
// and ranks such as "FREE_MEM - 10 * RUNNING_VMS". They are parsed once and evaluated for many
// candidates.
//
// The language is that of OpenNebula 7.4 (src/parsers/expr_parser.l, expr_bool.y, expr_arith.y)
// with its peculiarities:
//
//   - & and | have the same precedence and are read from left to right; ! applies to one term;
//   - a term about a missing attribute is false, even with !=;
//   - an integer is compared with the integer at the start of the value, so that CPU = 3 is true for "3.5";
//   - if an attribute has several values, all operators but @> use the first;
//   - in a rank, a sign that is separated from a number by a blank applies to the whole product: 2 / - A * B is 2 / -(A * B);
//   - a path with a slash needs quotes: "CLUSTERS/ID" @> 100;
//   - characters without a meaning, such as a newline, are ignored;
//   - every object meets an empty requirement, and an empty rank is 0.
//
// Improvements: RANK may be FREE_CPU-5, numbers do not overflow at 2 147 483 647, and errors
// have a position.
package expr
