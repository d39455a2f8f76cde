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

// watchDatastores monitors datastores at intervals, and at once if one is new or its drivers
// were changed. If its type was changed, it waits for its turn, as in oned.
func (m *Monitor) watchDatastores(ctx context.Context) {
	changed := pause.NewBell()
	defer m.Store.Watch(func(c store.Commit) {
		if slices.ContainsFunc(c.Changes, isOther) {
			changed.Ring()
		}
	})()
	var busy sync.Map // IDs of datastores that have not answered yet; others do not wait for them
	look := func(d *datastore.Datastore) {
		m.seeDatastore(ctx, d)
		busy.Delete(d.ID)
		if now, ok := datastore.Kind.Table.Get(m.Store.Read(), store.ID(d.ID)); ok && isOther(store.Change{Old: d, New: now}) {
			changed.Ring() // changes during this round may have been missed
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

// isOther reports whether a datastore is new, or its drivers have changed.
func isOther(change store.Change) bool {
	d, ok := change.New.(*datastore.Datastore)
	if !ok {
		return false
	}
	old, ok := change.Old.(*datastore.Datastore)
	return !ok || old.Type == d.Type && (old.DSMad != d.DSMad || old.TMMad != d.TMMad)
}

// seeDatastore asks the driver of a datastore. A system datastore is monitored by the datastore
// driver with the name of its transfer driver, or else by its file system.
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

// noMAD is the DS_MAD of system datastores.
const noMAD = "-"
