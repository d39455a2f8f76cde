package bolt

import (
	"unsafe"

	bolt "go.etcd.io/bbolt"
	"golang.org/x/sys/unix"
)

// forgetEvery is after how many commits the pages that were read are forgotten.
const forgetEvery = 1024

// forget has the process let go of the file's pages, which bbolt maps. All rows
// are in memory as values; the pages were read to load them and are read again
// only where a commit changes them. The kernel keeps them as long as it has room,
// but to whoever looks at the process they are twice the memory that it needs.
func (l *Log) forget() {
	_ = l.db.View(func(tx *bolt.Tx) error { // a transaction holds the mapping in its place
		mapped := l.db.Info()
		start := *(*unsafe.Pointer)(unsafe.Pointer(&mapped.Data)) // bbolt hands the address out as a number
		return unix.Madvise(unsafe.Slice((*byte)(start), tx.Size()), unix.MADV_DONTNEED)
	})
}
