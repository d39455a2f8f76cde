// Package engine carries out effects: it takes them from the queue, calls the runner for the
// kind of object, which calls drivers, and reports the outcome in a transaction. Effects of an
// object run in order, one after the other. The number of effects under way is limited for each
// host, for all hosts together, and for the front end. After temporary errors, effects are
// tried again with growing pauses. No state is kept here: after a crash, the effects in the
// queue are carried out again.
package engine
