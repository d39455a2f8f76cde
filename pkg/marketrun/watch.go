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

// Watcher monitors marketplaces.
type Watcher struct {
	Store    *store.Store
	Markets  map[string]drivers.Marketplace // by MARKET_MAD
	Settings market.Settings
	Every    time.Duration // interval between monitorings
	Log      zerolog.Logger

	failing map[int]bool // by marketplace ID: its last monitoring failed
}

// monitorTimeout limits the monitoring of a marketplace, which may be slow to respond, or behind a
// firewall that drops packets.
const monitorTimeout = 2 * time.Minute

// Run monitors all marketplaces at intervals until ctx ends. It also monitors them as soon as a
// marketplace is created or enabled, or its MARKET_MAD or ENDPOINT changes.
func (w *Watcher) Run(ctx context.Context) {
	changed := pause.NewBell()
	defer w.Store.Watch(func(c store.Commit) {
		if needsMonitoring(c) {
			changed.Ring()
		}
	})()
	w.failing = map[int]bool{}
	for ctx.Err() == nil {
		w.monitorAll(ctx, changed)
		wait, cancel := context.WithTimeout(ctx, w.Every)
		select {
		case <-changed:
		case <-wait.Done():
		}
		cancel()
	}
}

// needsMonitoring tells whether a commit creates or enables a marketplace, or changes its
// MARKET_MAD or ENDPOINT.
func needsMonitoring(c store.Commit) bool {
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

// monitorAll monitors all marketplaces concurrently, so that one that does not respond does not
// delay the others. It is cancelled when changed is rung.
func (w *Watcher) monitorAll(ctx context.Context, changed pause.Bell) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var running sync.WaitGroup
	snap := w.Store.Read()
	results := make(chan result, market.Kind.Table.Len(snap)) // so large that sending never blocks
	for row := range market.Kind.Table.All(snap) {
		if driver, ok := w.Markets[row.Val.MAD]; ok && w.Settings.Watched(row.Val) {
			running.Go(func() { results <- result{row.Val.ID, w.monitor(ctx, driver, row.Val)} })
		}
	}
	go func() { running.Wait(); close(results) }()
	for {
		select {
		case <-changed:
			changed.Ring() // so that Run starts over at once
			cancel()
			running.Wait()
			return
		case res, more := <-results:
			if !more {
				return
			}
			if ctx.Err() == nil {
				w.logResult(res.market, res.err)
			}
		}
	}
}

// result is the result of monitoring a marketplace.
type result struct {
	market int
	err    error
}

// monitor monitors a marketplace and updates it and its apps in the store.
func (w *Watcher) monitor(ctx context.Context, driver drivers.Marketplace, m *market.Market) error {
	limited, cancel := context.WithTimeout(ctx, monitorTimeout)
	defer cancel()
	report, err := driver.Look(limited, drivers.Market{ID: m.ID, Attrs: m.Template})
	if err != nil {
		return err
	}
	return w.Store.Update(ctx, func(tx *store.Tx) error { return market.Seen(tx, w.Settings, m.ID, report) })
}

// logResult logs the first of consecutive failures as a warning, and the success after them. A
// front end without access to the internet would otherwise log a warning at each interval.
func (w *Watcher) logResult(id int, err error) {
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
