package bolt

import (
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	bolt "go.etcd.io/bbolt"

	"github.com/renkei-vpe/renkei/pkg/store"
)

// rowSize is about the size of a VM's row.
const rowSize = 1500

func bigRow() *item { return &item{Name: strings.Repeat("x", rowSize)} }

// BenchmarkBareBoltCommit is the lower bound: one row, one sync, only bbolt.
func BenchmarkBareBoltCommit(b *testing.B) {
	l, err := Open(filepath.Join(b.TempDir(), "db"))
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	value, n := []byte(strings.Repeat("x", rowSize)), 0
	for b.Loop() {
		n++
		err := l.db.Update(func(tx *bolt.Tx) error {
			bucket, err := tx.CreateBucketIfNotExists([]byte("item"))
			if err != nil {
				return err
			}
			return bucket.Put(fmt.Appendf(nil, "%016d", n), value)
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSingleCommit(b *testing.B) {
	s, n := newStore(b), 0
	for b.Loop() {
		n++
		commit(b, s, n)
	}
}

// BenchmarkGroupedCommit has many concurrent writers.
func BenchmarkGroupedCommit(b *testing.B) {
	for _, writers := range []int{32, 256} {
		b.Run(fmt.Sprint(writers), func(b *testing.B) {
			s := newStore(b)
			var next atomic.Int64
			var wg sync.WaitGroup
			b.ResetTimer()
			for range writers {
				wg.Go(func() {
					for n := next.Add(1); n <= int64(b.N); n = next.Add(1) {
						commit(b, s, int(n))
					}
				})
			}
			wg.Wait()
		})
	}
}

func commit(b *testing.B, s *store.Store, n int) {
	err := s.Update(b.Context(), func(tx *store.Tx) error {
		items.Put(tx, store.ID(n), bigRow())
		return nil
	})
	if err != nil {
		b.Error(err)
	}
}

// many is the number of rows of a large store.
const many = 20000

func fill(b *testing.B, s *store.Store) {
	err := s.Update(b.Context(), func(tx *store.Tx) error {
		for n := range many {
			items.Put(tx, store.ID(n), bigRow())
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}

func BenchmarkSnapshotGet(b *testing.B) {
	s := newStore(b)
	fill(b, s)
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for n := 0; pb.Next(); n++ {
			if _, ok := items.Get(s.Read(), store.ID(n%many)); !ok {
				b.Error("a row is not there")
			}
		}
	})
}

func BenchmarkScan20000(b *testing.B) {
	s := newStore(b)
	fill(b, s)
	for b.Loop() {
		n := 0
		for range items.All(s.Read()) {
			n++
		}
		if n != many {
			b.Fatalf("%d rows, want %d", n, many)
		}
	}
}

func BenchmarkOpen20000(b *testing.B) {
	path := filepath.Join(b.TempDir(), "db")
	s, err := openStore(path)
	if err != nil {
		b.Fatal(err)
	}
	fill(b, s)
	s.Close()
	for b.Loop() {
		if s, err = openStore(path); err != nil {
			b.Fatal(err)
		}
		s.Close()
	}
}
