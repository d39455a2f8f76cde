package monitor

import (
	"context"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// watchDatastores looks how full datastores are, at intervals and when one was
// made or changed.
func (m *Monitor) watchDatastores(ctx context.Context) {
	defer m.under.Done()
	changed := make(chan struct{}, 1)
	stop := m.Store.Watch(func(c store.Commit) {
		for _, change := range c.Changes {
			if change.Table == datastore.Kind.Table.Name() && driversOf(change.Old) != driversOf(change.New) {
				select {
				case changed <- struct{}{}:
				default:
				}
				return
			}
		}
	})
	defer stop()
	for ctx.Err() == nil {
		for row := range datastore.Kind.Table.All(m.Store.Read()) {
			m.seeDatastore(ctx, row.Val)
		}
		wait, cancel := context.WithTimeout(ctx, m.Every.Datastore)
		select {
		case <-changed:
		case <-wait.Done():
		}
		cancel()
	}
}

// driversOf names the drivers of a datastore in a Change.
func driversOf(v any) string {
	if d, ok := v.(*datastore.Datastore); ok {
		return d.DSMad + " " + d.TMMad
	}
	return ""
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
	usage, err := driver.Capacity(ctx, drivers.Datastore{ID: d.ID, Attrs: d.Template, Path: d.BasePath})
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
