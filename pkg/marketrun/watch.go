package marketrun

import (
	"context"
	"time"

	"github.com/rs/zerolog"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/market"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/pause"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Watcher looks at marketplaces.
type Watcher struct {
	Store    *store.Store
	Markets  map[string]drivers.AppStore // by MARKET_MAD
	Settings market.Settings
	Every    time.Duration
	Log      zerolog.Logger
}

// Run looks at intervals, and at once when a marketplace was made, enabled or
// given another driver, until ctx ends.
func (w *Watcher) Run(ctx context.Context) {
	changed := pause.NewBell()
	defer w.Store.Watch(func(c store.Commit) {
		if anew(c) {
			changed.Ring()
		}
	})()
	for ctx.Err() == nil {
		for row := range market.Kind.Table.All(w.Store.Read()) {
			w.look(ctx, row.Val)
		}
		wait, cancel := context.WithTimeout(ctx, w.Every)
		select {
		case <-changed:
		case <-wait.Done():
		}
		cancel()
	}
}

// anew tells whether a commit gives something to look at.
func anew(c store.Commit) bool {
	for _, change := range c.Changes {
		is, ok := change.New.(*market.Market)
		if !ok || is.State != one.MarketEnabled {
			continue
		}
		was, ok := change.Old.(*market.Market)
		if !ok || was.State != is.State || was.MAD != is.MAD {
			return true
		}
	}
	return false
}

func (w *Watcher) look(ctx context.Context, m *market.Market) {
	driver, ok := w.Markets[m.MAD]
	if !ok || !w.Settings.Watched(m) {
		return
	}
	report, err := driver.Look(ctx, drivers.Market{ID: m.ID, Attrs: m.Template})
	if err == nil {
		err = w.Store.Update(ctx, func(tx *store.Tx) error { return market.Seen(tx, w.Settings, m.ID, report) })
	}
	if err != nil && ctx.Err() == nil {
		w.Log.Warn().Err(err).Int("market", m.ID).Msg("looking at a marketplace")
	}
}
