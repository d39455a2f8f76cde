// Package xmlrpc is the wire: a codec, a method registry and an HTTP server for
// XML-RPC. It knows no domain word; the faces of the house (one.*, rvpe.*) put
// their methods into a Registry and never see a byte of XML.
//
// It exists because clients written for xmlrpc-c, the library under oned, must
// not notice the difference: statuses, error pages, fault codes and their
// texts, and the layout of answers are those of xmlrpc-c 1.33.14. Where being
// better breaks nobody it is better: connections stay open, bodies may be
// chunked, answers may be compressed, and every input is bounded in size,
// depth, number of values and time.
//
// Answers of many megabytes are made of bytes that exist already: a Text is a
// list of escaped chunks that go to the socket without being joined.
package xmlrpc
