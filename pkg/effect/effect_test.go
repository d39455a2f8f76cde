package effect_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
)

// TestQueueOfEachObject puts effects of three objects, two of which share an ID,
// cancels those of one and ends one of another.
func TestQueueOfEachObject(t *testing.T) {
	t.Parallel()
	s, err := store.Open(store.Options{Log: memlog.New(), Tables: []store.AnyTable{effect.Table}})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ops := func(r store.Reader, kind one.Kind, id int) (list []string) {
		for _, e := range effect.Of(r, kind, id) {
			list = append(list, e.Op)
		}
		return list
	}
	err = s.Update(t.Context(), func(tx *store.Tx) error {
		for _, op := range []string{"a", "b", "c"} {
			effect.Put(tx, effect.Effect{Kind: one.KindVM, Object: 1, Op: op})
			effect.Put(tx, effect.Effect{Kind: one.KindImage, Object: 1, Op: op})
			effect.Put(tx, effect.Effect{Kind: one.KindVM, Object: 11, Op: op})
		}
		effect.Cancel(tx, one.KindVM, 1)
		effect.Put(tx, effect.Effect{Kind: one.KindVM, Object: 1, Op: "d"})
		first := effect.Of(tx, one.KindImage, 1)[0]
		if e, ok := effect.Done(tx, first.ID); !ok || e.Op != "a" {
			t.Errorf("the first of the image is %v, %v", e, ok)
		}
		if _, ok := effect.Done(tx, first.ID); ok {
			t.Error("an effect ended twice")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	got := [][]string{ops(s.Read(), one.KindVM, 1), ops(s.Read(), one.KindImage, 1), ops(s.Read(), one.KindVM, 11)}
	if diff := cmp.Diff([][]string{{"d"}, {"b", "c"}, {"a", "b", "c"}}, got); diff != "" {
		t.Errorf("wrong queues:\n%s", diff)
	}
}

func TestAge(t *testing.T) {
	t.Parallel()
	e := &effect.Effect{Queued: 100}
	if got := e.Age(time.Unix(160, 0)); got != time.Minute {
		t.Errorf("its age is %v, want a minute", got)
	}
}
