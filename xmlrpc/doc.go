// Package xmlrpc is the wire: a codec, a method registry and an HTTP server for
// XML-RPC. It knows no domain terms. The faces (one.*, rvpe.*) put their methods
// into a Registry and never see a byte of XML-RPC.
//
// It exists because clients written for xmlrpc-c, the library under oned, must not
// notice a difference: HTTP statuses, error pages, fault codes and texts, and the
// layout of answers are those of xmlrpc-c 1.33.14. It improves on that where no
// client can mind: connections stay open, bodies may be chunked, answers may be
// compressed, and every input is limited in size, depth, number of values and time.
//
// Answers of many megabytes consist of bytes that exist already: a Text is a list
// of escaped chunks, which are sent without being joined into one string.
package xmlrpc
