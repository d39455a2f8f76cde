package monitor

import (
	"context"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/pause"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// Monitor looks at everything that the store knows.
type Monitor struct {
	Store   *store.Store
	Drivers Drivers
	Every   Intervals
	VMs     vm.Settings
	Rings   *Rings
	Log     zerolog.Logger

	mu    sync.Mutex
	looks map[int]*look // by host ID
	wake  pause.Bell
	under sync.WaitGroup
	gate  chan struct{} // bounds how many hosts that are well are asked at once
}

// Drivers are the drivers that can look, by their names.
type Drivers struct {
	VMM     map[string]drivers.VMM
	DS      map[string]drivers.ImageStore
	IsLocal func(hostName string) bool
}

// Intervals say how often is looked.
type Intervals struct {
	Host, VM, Datastore time.Duration
}

// atOnce bounds how many hosts that are well are asked at the same time.
const atOnce = 64

// Run looks until ctx ends, then waits until nobody looks any more.
func (m *Monitor) Run(ctx context.Context) {
	m.looks = map[int]*look{}
	m.wake = pause.NewBell()
	m.gate = make(chan struct{}, atOnce)
	defer m.Store.Watch(m.notice)() // until nobody looks any more
	m.under.Go(func() { m.watchDatastores(ctx) })
	for {
		m.follow(ctx)
		select {
		case <-ctx.Done():
			m.under.Wait()
			return
		case <-m.wake:
		}
	}
}

// notice runs on the store's writer: a host that came, went or changed its
// state makes us look which hosts there are.
func (m *Monitor) notice(c store.Commit) {
	for _, change := range c.Changes {
		if v, ok := change.New.(*vm.VM); ok && v.State == one.VMDone {
			m.Rings.forgetVM(v.ID)
		}
		if change.Table == host.Kind.Table.Name() && stateOf(change.Old) != stateOf(change.New) {
			m.wake.Ring()
		}
	}
}

// stateOf is the state of a host in a Change, -1 when there is none.
func stateOf(v any) one.HostState {
	if h, ok := v.(*host.Host); ok {
		return h.State
	}
	return -1
}

// follow starts and ends looks so that each host has one, but for those that
// are offline. A host in INIT wants to be seen at once.
func (m *Monitor) follow(ctx context.Context) {
	m.mu.Lock()
	defer m.mu.Unlock()
	wanted := map[int]bool{}
	for row := range host.Kind.Table.All(m.Store.Read()) {
		h := row.Val
		if h.State == one.HostOffline {
			continue
		}
		wanted[h.ID] = true
		l := m.looks[h.ID]
		switch {
		case l == nil:
			m.begin(ctx, h.ID)
		case h.State == one.HostInit:
			l.now.Ring()
		}
	}
	for id, l := range m.looks {
		if !wanted[id] {
			l.cancel()
			delete(m.looks, id)
			m.Rings.forgetHost(id)
		}
	}
}

// begin starts the look at a host. m.mu is held.
func (m *Monitor) begin(ctx context.Context, id int) {
	ctx, cancel := context.WithCancel(ctx)
	l := &look{Monitor: m, id: id, cancel: cancel, now: pause.NewBell()}
	m.looks[id] = l
	m.under.Go(func() { l.run(ctx) })
}
