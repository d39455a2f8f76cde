// Package engine carries out effects: it takes them from the queue, calls the
// runner of the object's kind, which calls drivers, and reports the outcome in
// a transaction. Effects of one object run one by one and in order; each host,
// and the front end, has a limit of effects under way, and all hosts have one
// together. Failures that may pass are tried again with growing pauses. Nothing
// is kept here that matters: after a crash the queue says what was not finished,
// and it is done again.
package engine
