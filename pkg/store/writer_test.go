package store_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
)

// slowLog blocks each Append until a signal, and records the batches.
type slowLog struct {
	failingLog
	gate    chan struct{}
	batches []int // number of writes in each
}

func (l *slowLog) Append(batch []store.Write) error {
	<-l.gate
	l.batches = append(l.batches, len(batch))
	return l.failingLog.Append(batch)
}

func TestTransactionsThatWaitShareOneAppend(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		log := &slowLog{failingLog: failingLog{Log: memlog.New()}, gate: make(chan struct{})}
		s := open(t, log)
		refusal := errors.New("refused")
		var wg sync.WaitGroup
		update := func(id int, want error) {
			wg.Go(func() {
				err := s.Update(t.Context(), func(tx *store.Tx) error {
					items.Put(tx, store.ID(id), &item{Name: fmt.Sprint(id)})
					if id%10 == 3 {
						return refusal
					}
					return nil
				})
				if !errors.Is(err, want) {
					t.Errorf("transaction %d is answered %v, want %v", id, err, want)
				}
			})
		}
		update(0, nil)
		synctest.Wait() // the first is in Append
		for id := 1; id <= 100; id++ {
			if id%10 == 3 {
				update(id, refusal)
				continue
			}
			update(id, nil)
		}
		synctest.Wait() // the others are in the queue
		if items.Len(s.Read()) != 0 {
			t.Error("something is published before it is durable")
		}
		close(log.gate)
		wg.Wait()
		if diff := cmp.Diff([]int{1, 90}, log.batches); diff != "" {
			t.Errorf("wrong batches:\n%s", diff)
		}
		if s.Read().Rev != 2 || items.Len(s.Read()) != 91 {
			t.Errorf("%d rows in %d batches are published, want 91 in 2", items.Len(s.Read()), s.Read().Rev)
		}
	})
}

func TestFailedAppendFailsTheWholeBatch(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		log := &slowLog{failingLog: failingLog{Log: memlog.New()}, gate: make(chan struct{})}
		s := open(t, log)
		log.Fail = errors.New("disk full")
		var wg sync.WaitGroup
		for id := range 20 {
			wg.Go(func() {
				err := s.Update(t.Context(), func(tx *store.Tx) error {
					items.Put(tx, store.ID(id), &item{})
					return nil
				})
				if !errors.Is(err, log.Fail) {
					t.Errorf("transaction %d is answered %v", id, err)
				}
			})
		}
		synctest.Wait()
		close(log.gate)
		wg.Wait()
		if n := items.Len(s.Read()); n != 0 {
			t.Errorf("%d rows are published", n)
		}
	})
}

func TestRowOfManyTransactionsIsWrittenOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		log := &slowLog{failingLog: failingLog{Log: memlog.New()}, gate: make(chan struct{})}
		s := open(t, log)
		add := func() {
			if err := s.Update(t.Context(), func(tx *store.Tx) error {
				v, ok := items.Edit(tx, store.ID(1))
				if !ok {
					v = &item{}
				}
				v.N++
				items.Put(tx, store.ID(1), v)
				return nil
			}); err != nil {
				t.Error(err)
			}
		}
		var wg sync.WaitGroup
		wg.Go(add)
		synctest.Wait()
		for range 50 {
			wg.Go(add)
		}
		synctest.Wait()
		close(log.gate)
		wg.Wait()
		if diff := cmp.Diff([]int{1, 1}, log.batches); diff != "" {
			t.Errorf("wrong writes:\n%s", diff)
		}
		if got := content(open(t, log).Read(), items)[1].N; got != 51 {
			t.Errorf("the log counts %d, want 51", got)
		}
	})
}

func TestWatchersSeeEveryChangeInOrder(t *testing.T) {
	t.Parallel()
	s := openNew(t)
	var got []string
	var revs []uint64
	s.Watch(func(c store.Commit) {
		revs = append(revs, c.Snap.Rev)
		for _, ch := range c.Changes {
			got = append(got, fmt.Sprintf("%s %d: %v to %v", ch.Table, ch.Key.A, name(ch.Old), name(ch.New)))
		}
		if c.Snap != s.Read() {
			t.Error("the snapshot is not published when watchers are told")
		}
	})
	put(t, s, 1, item{Name: "a"})
	if len(got) != 1 {
		t.Error("the transaction is answered before watchers are told")
	}
	put(t, s, 1, item{Name: "b"})
	do(t, s, func(tx *store.Tx) {
		seen.Put(tx, store.ID(7), &item{Name: "s"})
		items.Delete(tx, store.ID(1))
		items.Delete(tx, store.ID(99)) // does not exist
	})
	do(t, s, func(*store.Tx) {}) // changes nothing
	want := []string{"item 1: none to a", "item 1: a to b", "seen 7: none to s", "item 1: b to none"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("wrong changes:\n%s", diff)
	}
	if diff := cmp.Diff([]uint64{1, 2, 3}, revs); diff != "" {
		t.Errorf("wrong revisions:\n%s", diff)
	}
}

func name(v any) string {
	if v == nil {
		return "none"
	}
	return v.(*item).Name
}

func TestCloseFinishesWhatIsQueued(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		log := &slowLog{failingLog: failingLog{Log: memlog.New()}, gate: make(chan struct{})}
		s := open(t, log)
		answers := make(chan error, 30)
		for id := range cap(answers) {
			go func() {
				answers <- s.Update(t.Context(), func(tx *store.Tx) error {
					items.Put(tx, store.ID(id), &item{})
					return nil
				})
			}()
		}
		synctest.Wait()
		go s.Close()
		synctest.Wait()
		close(log.gate)
		for range cap(answers) {
			if err := <-answers; err != nil {
				t.Errorf("what was queued before Close is answered %v", err)
			}
		}
		synctest.Wait()
		if n := items.Len(open(t, log).Read()); n != cap(answers) {
			t.Errorf("%d rows are durable, want %d", n, cap(answers))
		}
	})
}

func TestClosedStore(t *testing.T) {
	t.Parallel()
	s := openNew(t)
	put(t, s, 1, item{Name: "a"})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for range 1000 { // more than the queue can hold
		if err := s.Update(t.Context(), func(*store.Tx) error { return nil }); !errors.Is(err, store.ErrClosed) {
			t.Fatalf("the answer is %v, want %v", err, store.ErrClosed)
		}
	}
	if got := content(s.Read(), items); len(got) != 1 {
		t.Errorf("reading %v, want what was there", got)
	}
}
