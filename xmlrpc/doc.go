// Package xmlrpc implements XML-RPC: a codec, a registry of methods and an HTTP server. It
// knows nothing of OpenNebula. The faces (one.*, rvpe.*) add their methods to a Registry and
// never handle XML-RPC themselves.
//
// Clients written for xmlrpc-c, the library that oned uses, must not notice a difference. So
// HTTP statuses, error pages, fault codes and texts, and the layout of answers are those of
// xmlrpc-c 1.33.14. Improvements that no client notices: persistent connections, chunked
// requests, compressed answers, and limits of size, depth, number of values and time.
//
// Answers of many megabytes consist of bytes that exist already: a Text is a list of escaped
// chunks, which are sent without being joined.
package xmlrpc
