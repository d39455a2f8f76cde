// Package store keeps the state of the server: typed tables in memory, read through immutable
// snapshots, and changed by transactions that a single writer applies.
//
// A reader takes the newest snapshot and never waits. Transactions that arrive together are
// applied one after the other, written to the Log as one batch with one sync, and published;
// only then does Update return. A transaction that has succeeded is durable, and one that has
// failed changes nothing.
//
// Published rows are immutable. To change one, take a copy (Table.Edit), change it and put it
// back. A function passed to Update does no I/O, takes the time from Tx.Now, and may run twice.
package store
