// Package replay plays a recorded scenario against an endpoint and reports, step by step and
// method by method, where its answers differ from the recording.
//
// It measures whether clients work without changes. To be independent, it shares no code with
// the server: it sends the recorded bytes, parses answers with its own small XML-RPC parser,
// and compares decoded values, and documents in strings as trees. Before comparing, it masks
// what differs between two runs of the original, too: times, tokens, hashes, folders of the
// installation.
//
// A scenario is a file of JSON lines; see [Open] for the formats. Steps depend on each other,
// so a scenario is played from its beginning against an empty server, unless the caller chooses
// otherwise.
package replay
