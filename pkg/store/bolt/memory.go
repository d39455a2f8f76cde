package bolt

import (
	"unsafe"

	bolt "go.etcd.io/bbolt"
	"golang.org/x/sys/unix"
)

// forgetEvery is the number of commits between two calls of forget.
const forgetEvery = 1024

// forget drops the pages of the mapped file from the process's memory. All rows are in memory
// as values, and pages are only needed to load them and where a commit changes them. The kernel
// would keep the pages as long as it has memory, but the process would seem to use twice the
// memory that it needs.
func (l *Log) forget() {
	_ = l.db.View(func(tx *bolt.Tx) error { // the mapping does not move during a transaction
		mapped := l.db.Info()
		start := *(*unsafe.Pointer)(unsafe.Pointer(&mapped.Data)) // bbolt returns the address as a number
		return unix.Madvise(unsafe.Slice((*byte)(start), tx.Size()), unix.MADV_DONTNEED)
	})
}
