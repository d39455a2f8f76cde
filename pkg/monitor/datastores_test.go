package monitor_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/monitor"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/schema"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
)

// depot is a datastore driver with a given size and delay.
type depot struct {
	drivers.ImageStore // methods that monitoring does not call
	total              int64
	takes              time.Duration
}

func (d depot) Capacity(context.Context, drivers.Datastore) (drivers.Usage, error) {
	time.Sleep(d.takes) // ignores the context, like a file system that hangs
	return drivers.Usage{TotalMiB: d.total}, nil
}

// TestSlowDatastoreDoesNotDelayOthers: one hangs for an hour, and one gets another driver while
// it is monitored.
func TestSlowDatastoreDoesNotDelayOthers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		st, err := store.Open(store.Options{Log: memlog.New(), Tables: schema.Tables()})
		if err != nil {
			t.Fatal(err)
		}
		defer st.Close()
		do := func(rule func(tx *store.Tx)) {
			if err := st.Update(t.Context(), func(tx *store.Tx) error { rule(tx); return nil }); err != nil {
				t.Fatal(err)
			}
		}
		do(func(tx *store.Tx) {
			for id, mad := range []string{"hangs", "slow", "quick"} {
				datastore.Kind.Put(tx, &datastore.Datastore{Meta: object.Meta{ID: id}, DSMad: mad, Type: one.DatastoreImage})
			}
		})
		m := &monitor.Monitor{
			Store: st, Rings: monitor.NewRings(1), Log: zerolog.Nop(),
			Drivers: monitor.Drivers{DS: map[string]drivers.ImageStore{
				"hangs": depot{total: 1, takes: time.Hour}, "slow": depot{total: 2, takes: 10 * time.Second}, "quick": depot{total: 3},
			}},
			Every: monitor.Intervals{Host: time.Minute, VM: time.Minute, Datastore: 5 * time.Minute},
		}
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { m.Run(ctx); close(done) }()
		sizes := func() (list []int64) {
			synctest.Wait()
			for row := range datastore.Kind.Table.All(st.Read()) {
				list = append(list, row.Val.TotalMB)
			}
			return list
		}
		time.Sleep(time.Second)
		do(func(tx *store.Tx) {
			d, _ := datastore.Kind.Edit(tx, 1)
			d.DSMad = "quick"
			datastore.Kind.Put(tx, d)
		})
		if diff := cmp.Diff([]int64{0, 0, 3}, sizes()); diff != "" {
			t.Errorf("after a second (-want +got):\n%s", diff)
		}
		time.Sleep(time.Minute)
		if diff := cmp.Diff([]int64{0, 3, 3}, sizes()); diff != "" {
			t.Errorf("after a minute (-want +got):\n%s", diff)
		}
		stop()
		<-done
	})
}
