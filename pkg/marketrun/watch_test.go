package marketrun

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/market"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// blocking is a market driver whose Look sends the marketplace's ID and then waits for its result.
// It cannot import apps.
type blocking struct {
	looks   chan int   // the IDs of marketplaces
	results chan error // what Look returns; may be nil
}

func (f blocking) Look(ctx context.Context, m drivers.Market) (drivers.MarketReport, error) {
	select {
	case f.looks <- m.ID:
	case <-ctx.Done():
		return drivers.MarketReport{}, ctx.Err()
	}
	select {
	case err := <-f.results:
		return drivers.MarketReport{}, err
	case <-ctx.Done():
		return drivers.MarketReport{}, ctx.Err()
	}
}

// watch runs a Watcher until the test ends.
func watch(t *testing.T, w *Watcher) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); w.Run(ctx) }()
	t.Cleanup(func() { stop(); <-done })
}

// syncBuffer is a buffer that goroutines can share.
type syncBuffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.Buffer.Write(p)
}

func (s *syncBuffer) text() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.String()
}

// Consecutive failures to monitor a marketplace are logged once.
func TestConsecutiveFailuresAreLoggedOnce(t *testing.T) {
	t.Parallel()
	l, log := newLab(t), &syncBuffer{}
	f := blocking{looks: make(chan int), results: make(chan error)}
	watch(t, &Watcher{
		Store: l.Store, Markets: map[string]drivers.Marketplace{"dummy": f}, Settings: market.DefaultSettings(),
		Every: time.Nanosecond, Log: zerolog.New(log).Level(zerolog.InfoLevel),
	})
	for _, err := range []error{errors.New("no way"), errors.New("still none"), errors.New("none"), nil, nil, errors.New("gone again")} {
		<-f.looks
		f.results <- err
	}
	<-f.looks // now the last failure is logged
	var logged []string
	for line := range strings.Lines(log.text()) {
		logged = append(logged, strings.TrimSpace(line))
	}
	if len(logged) != 3 || !strings.Contains(logged[0], "no way") || !strings.Contains(logged[1], "again") || !strings.Contains(logged[2], "gone again") {
		t.Errorf("the log is\n%s", strings.Join(logged, "\n"))
	}
}

// While a marketplace does not respond, others are monitored, and so is one that is created then.
func TestUnresponsiveMarketplaceDelaysNoOther(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	l.allocateMarket(t, "n")
	f := blocking{looks: make(chan int), results: make(chan error)}
	watch(t, &Watcher{
		Store: l.Store, Markets: map[string]drivers.Marketplace{"dummy": f}, Settings: market.DefaultSettings(),
		Every: time.Hour, Log: zerolog.Nop(),
	})
	seen := map[int]bool{}
	for len(seen) < 2 { // none of these calls returns
		seen[<-f.looks] = true
	}
	l.allocateMarket(t, "o")
	for !seen[102] {
		seen[<-f.looks] = true
	}
}

func (l lab) allocateMarket(t *testing.T, name string) {
	t.Helper()
	l.do(t, func(tx *store.Tx) error {
		_, err := market.Allocate(tx, market.DefaultSettings(), oneadmin, parse("NAME="+name+"\nMARKET_MAD=dummy"))
		return err
	})
}

// Apps cannot be created in public marketplaces (market.AllocateApp). If the driver changes after
// that check, the import fails.
func TestImportIntoPublicMarketplaceFails(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	l.Markets = map[string]drivers.Marketplace{"dummy": blocking{}}
	l.export(t)
	if errs := l.work(t); len(errs) != 1 || errs[0] == nil || !strings.Contains(errs[0].Error(), "apps can only be taken from there") {
		t.Errorf("got %v", errs)
	}
	if a := l.app(); a.State != one.AppError {
		t.Errorf("the app is %v", a.State)
	}
}
