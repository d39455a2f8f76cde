package marketrun

import (
	"context"
	"sync"
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
	Markets  map[string]drivers.Marketplace // by MARKET_MAD
	Settings market.Settings
	Every    time.Duration
	Log      zerolog.Logger

	failing map[int]bool // marketplaces whose last look failed: that is told once
}

// patience is how long a look may take. A marketplace may be on the other side of
// the world, or of a firewall that answers nothing.
const patience = 2 * time.Minute

// Run looks at intervals, and at once when a marketplace was made, enabled or
// given another driver or address, until ctx ends.
func (w *Watcher) Run(ctx context.Context) {
	changed := pause.NewBell()
	defer w.Store.Watch(func(c store.Commit) {
		if anew(c) {
			changed.Ring()
		}
	})()
	w.failing = map[int]bool{}
	for ctx.Err() == nil {
		w.round(ctx, changed)
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
		if !ok || was.State != is.State || was.MAD != is.MAD || was.Template.Get("ENDPOINT") != is.Template.Get("ENDPOINT") {
			return true
		}
	}
	return false
}

// round looks at all marketplaces at once: one that does not answer holds up no
// other. It ends early when there is something new to look at.
func (w *Watcher) round(ctx context.Context, changed pause.Bell) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var looks sync.WaitGroup
	snap := w.Store.Read()
	ended := make(chan outcomeOf, market.Kind.Table.Len(snap)) // nobody who looks has to wait
	for row := range market.Kind.Table.All(snap) {
		if driver, ok := w.Markets[row.Val.MAD]; ok && w.Settings.Watched(row.Val) {
			looks.Go(func() { ended <- outcomeOf{row.Val.ID, w.look(ctx, driver, row.Val)} })
		}
	}
	go func() { looks.Wait(); close(ended) }()
	for {
		select {
		case <-changed:
			changed.Ring() // for Run, which begins anew
			cancel()
			looks.Wait()
			return
		case end, more := <-ended:
			if !more {
				return
			}
			if ctx.Err() == nil {
				w.tell(end.market, end.err)
			}
		}
	}
}

// outcomeOf is how the look at a marketplace ended.
type outcomeOf struct {
	market int
	err    error
}

// look looks at one marketplace and takes in what it saw.
func (w *Watcher) look(ctx context.Context, driver drivers.Marketplace, m *market.Market) error {
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	report, err := driver.Look(limited, drivers.Market{ID: m.ID, Attrs: m.Template})
	if err != nil {
		return err
	}
	return w.Store.Update(ctx, func(tx *store.Tx) error { return market.Seen(tx, w.Settings, m.ID, report) })
}

// tell logs the first failure of a row, and its end: a front end without a way to
// the internet shall not say so every ten minutes.
func (w *Watcher) tell(id int, err error) {
	switch was := w.failing[id]; {
	case err == nil && was:
		w.Log.Info().Int("market", id).Msg("the marketplace can be looked at again")
	case err != nil && !was:
		w.Log.Warn().Err(err).Int("market", id).Msg("looking at a marketplace; this is not repeated while it lasts")
	case err != nil:
		w.Log.Debug().Err(err).Int("market", id).Msg("looking at a marketplace")
	}
	w.failing[id] = err != nil
}
