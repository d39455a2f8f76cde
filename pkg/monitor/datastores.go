package monitor

import (
	"context"
	"slices"
	"sync"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/pause"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// watchDatastores looks how full datastores are, at intervals and when one was
// made or got other drivers. One of another type waits for its turn, as in oned.
func (m *Monitor) watchDatastores(ctx context.Context) {
	changed := pause.NewBell()
	defer m.Store.Watch(func(c store.Commit) {
		if slices.ContainsFunc(c.Changes, isOther) {
			changed.Ring()
		}
	})()
	var busy sync.Map // the IDs of those that have not answered yet, who keep no other waiting
	look := func(d *datastore.Datastore) {
		m.seeDatastore(ctx, d)
		busy.Delete(d.ID)
		if now, ok := datastore.Kind.Table.Get(m.Store.Read(), store.ID(d.ID)); ok && isOther(store.Change{Old: d, New: now}) {
			changed.Ring() // what rang meanwhile could not be heeded
		}
	}
	for ctx.Err() == nil {
		for row := range datastore.Kind.Table.All(m.Store.Read()) {
			if _, already := busy.LoadOrStore(row.Val.ID, true); !already {
				m.under.Go(func() { look(row.Val) })
			}
		}
		wait, cancel := context.WithTimeout(ctx, m.Every.Datastore)
		select {
		case <-changed:
		case <-wait.Done():
		}
		cancel()
	}
}

// isOther tells whether a datastore is new, or has other drivers for the same.
func isOther(change store.Change) bool {
	d, ok := change.New.(*datastore.Datastore)
	if !ok {
		return false
	}
	old, ok := change.Old.(*datastore.Datastore)
	return !ok || old.Type == d.Type && (old.DSMad != d.DSMad || old.TMMad != d.TMMad)
}

// seeDatastore asks the driver of a datastore; that of a system datastore is
// its transfer driver's partner of the same name, or the file system.
func (m *Monitor) seeDatastore(ctx context.Context, d *datastore.Datastore) {
	driver, ok := m.Drivers.DS[d.DSMad]
	if !ok && d.DSMad == noMAD {
		if driver, ok = m.Drivers.DS[d.TMMad]; !ok {
			driver, ok = m.Drivers.DS["fs"]
		}
	}
	if !ok {
		return
	}
	var usage drivers.Usage
	err := m.ask(ctx, func(ctx context.Context) (err error) {
		usage, err = driver.Capacity(ctx, d.ForDrivers(m.VMs.Secrets))
		return err
	})
	if err != nil {
		if ctx.Err() == nil {
			m.Log.Warn().Err(err).Int("datastore", d.ID).Msg("how full it is")
		}
		return
	}
	err = m.Store.Update(ctx, func(tx *store.Tx) error { datastore.Seen(tx, d.ID, usage); return nil })
	if err != nil && ctx.Err() == nil {
		m.Log.Error().Err(err).Int("datastore", d.ID).Msg("what was seen could not be stored")
	}
}

// noMAD is DS_MAD of a system datastore.
const noMAD = "-"
