package bolt

import (
	"fmt"

	bolt "go.etcd.io/bbolt"

	"github.com/renkei-vpe/renkei/pkg/store"
)

// Append implements store.Log: one bbolt transaction, one sync.
//
// Most errors, such as a full disk, leave the file as it was. But if the last write was made
// and could not be synced, it is unknown which version a restart will find. Nothing more is
// written then.
func (l *Log) Append(batch []store.Write) error {
	if l.broken != nil {
		return l.broken
	}
	id := 0
	err := l.db.Update(func(tx *bolt.Tx) error {
		id = tx.ID()
		return l.writeAll(tx, batch)
	})
	if err != nil && l.newest() >= id {
		l.broken = fmt.Errorf("a write may or may not be on the disk (%w): restart renkei, it reads what is there", err)
		return l.broken
	}
	if l.commits++; l.commits%forgetEvery == 0 {
		l.forget()
	}
	return err
}

// newest is the current transaction of the file.
func (l *Log) newest() (id int) {
	err := l.db.View(func(tx *bolt.Tx) error { id = tx.ID(); return nil })
	if err != nil { // closed: nothing will be written anyway
		return 0
	}
	return id
}

func (l *Log) writeAll(tx *bolt.Tx, batch []store.Write) error {
	l.room.reset()
	buckets := map[string]*bolt.Bucket{}
	for _, w := range batch {
		b := buckets[w.Table]
		if b == nil {
			var err error
			if b, err = tx.CreateBucketIfNotExists([]byte(w.Table)); err != nil {
				return err
			}
			buckets[w.Table] = b
		}
		if err := l.write(b, w); err != nil {
			return err
		}
	}
	return nil
}

func (l *Log) write(b *bolt.Bucket, w store.Write) error {
	if w.Value == nil {
		return b.Delete(w.Key)
	}
	return b.Put(w.Key, l.room.seal(w.Key, w.Value))
}

// room is memory for sealed rows, which bbolt needs until the end of a transaction.
type room struct{ used []byte }

// mostRoom is how much of it is kept for the next transaction.
const mostRoom = 1 << 20

func (r *room) reset() {
	if r.used = r.used[:0]; cap(r.used) > mostRoom {
		r.used = nil
	}
}

func (r *room) seal(key, value []byte) []byte {
	from := len(r.used)
	r.used = appendSealed(r.used, key, value)
	return r.used[from:len(r.used):len(r.used)]
}
