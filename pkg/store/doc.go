// Package store keeps what Renkei knows: typed tables in memory, read through
// immutable snapshots, changed by transactions that one writer applies.
//
// A reader takes the newest snapshot and never waits. Transactions that arrive
// together are applied one after the other, written to the Log as one batch
// with one sync, published, and only then answered: an answer means durable.
// A transaction that fails leaves no trace.
//
// Rows are immutable once they are published. Whoever wants to change one takes
// a copy (Table.Edit), changes it and puts it back. A function given to Update
// does no I/O, takes the time from Tx.Now, and may run twice.
package store
