// Package replay plays a recorded scenario against an endpoint and says, step
// by step and method by method, where its answers differ from the recording.
//
// It exists so that "clients keep working with no change" can be measured
// rather than hoped for. It is a judge, therefore it shares no code with what
// it judges: it sends the recorded bytes, reads the answer with its own small
// XML-RPC reader, and compares decoded values, and the documents inside strings
// as trees. What differs between two runs of the original too (times, tokens,
// hashes, folders of the installation) is masked before comparing.
//
// A scenario is a file of JSON lines; see [Open] for the formats. Steps depend
// on each other, so a scenario is played from its beginning against an empty
// daemon, unless the caller knows better.
package replay
