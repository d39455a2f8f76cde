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

// far is a marketplace that answers what it is told to, when it is told to.
type far struct {
	looks   chan int   // IDs of marketplaces that are looked at
	answers chan error // "nil" is an answer, too
}

func (f far) Look(ctx context.Context, m drivers.Market) (drivers.MarketReport, error) {
	select {
	case f.looks <- m.ID:
	case <-ctx.Done():
		return drivers.MarketReport{}, ctx.Err()
	}
	select {
	case err := <-f.answers:
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

// safe is a buffer for several writers.
type safe struct {
	mu sync.Mutex
	bytes.Buffer
}

func (s *safe) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.Buffer.Write(p)
}

func (s *safe) text() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.String()
}

// TestAFailureIsToldOnce: a front end without internet says so, and then is quiet.
func TestAFailureIsToldOnce(t *testing.T) {
	t.Parallel()
	l, log := newLab(t), &safe{}
	f := far{looks: make(chan int), answers: make(chan error)}
	watch(t, &Watcher{
		Store: l.Store, Markets: map[string]drivers.Marketplace{"dummy": f}, Settings: market.DefaultSettings(),
		Every: time.Nanosecond, Log: zerolog.New(log).Level(zerolog.InfoLevel),
	})
	for _, err := range []error{errors.New("no way"), errors.New("still none"), errors.New("none"), nil, nil, errors.New("gone again")} {
		<-f.looks
		f.answers <- err
	}
	<-f.looks // so the last one was told
	var told []string
	for line := range strings.Lines(log.text()) {
		told = append(told, strings.TrimSpace(line))
	}
	if len(told) != 3 || !strings.Contains(told[0], "no way") || !strings.Contains(told[1], "again") || !strings.Contains(told[2], "gone again") {
		t.Errorf("the log is\n%s", strings.Join(told, "\n"))
	}
}

// TestOneThatIsSilentHoldsUpNoOther: while one marketplace does not answer, another one
// is looked at, and so is a third that is made meanwhile.
func TestOneThatIsSilentHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	l.another(t, "n")
	f := far{looks: make(chan int), answers: make(chan error)}
	watch(t, &Watcher{
		Store: l.Store, Markets: map[string]drivers.Marketplace{"dummy": f}, Settings: market.DefaultSettings(),
		Every: time.Hour, Log: zerolog.Nop(),
	})
	seen := map[int]bool{}
	for len(seen) < 2 { // none of them is answered
		seen[<-f.looks] = true
	}
	l.another(t, "o")
	for !seen[102] {
		seen[<-f.looks] = true
	}
}

func (l lab) another(t *testing.T, name string) {
	t.Helper()
	l.do(t, func(tx *store.Tx) error {
		_, err := market.Allocate(tx, market.DefaultSettings(), oneadmin, parse("NAME="+name+"\nMARKET_MAD=dummy"))
		return err
	})
}

// TestNothingIsBroughtToPublicMarketplaces: the rules refuse it; a marketplace whose
// driver was exchanged meanwhile says so, too.
func TestNothingIsBroughtToPublicMarketplaces(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	l.Markets = map[string]drivers.Marketplace{"dummy": far{}}
	l.export(t)
	if errs := l.work(t); len(errs) != 1 || errs[0] == nil || !strings.Contains(errs[0].Error(), "apps can only be taken from there") {
		t.Errorf("got %v", errs)
	}
	if a := l.app(); a.State != one.AppError {
		t.Errorf("the app is %v", a.State)
	}
}
