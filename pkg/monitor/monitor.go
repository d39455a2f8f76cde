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

// Monitor monitors everything in the store.
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
	gate  chan struct{} // limits how many hosts are asked at the same time; see ask
}

// Drivers are the drivers that can monitor, by name.
type Drivers struct {
	VMM     map[string]drivers.VMM
	DS      map[string]drivers.ImageStore
	IsLocal func(hostName string) bool
}

// Intervals are the times between monitorings.
type Intervals struct {
	Host, VM, Datastore time.Duration
}

// atOnce limits how many healthy hosts are asked at the same time.
const atOnce = 64

// Run monitors until ctx ends, then waits for its goroutines.
func (m *Monitor) Run(ctx context.Context) {
	m.looks = map[int]*look{}
	m.wake = pause.NewBell()
	m.gate = make(chan struct{}, atOnce)
	defer m.Store.Watch(m.notice)() // after the goroutines have ended
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

// notice is called by the store's writer. If a host is new, deleted or in another state, the
// list of hosts is read again.
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

// stateOf is the state of a host in a change, or -1.
func stateOf(v any) one.HostState {
	if h, ok := v.(*host.Host); ok {
		return h.State
	}
	return -1
}

// follow starts and stops goroutines so that there is one for each host that is not offline. A
// host in INIT is monitored at once.
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

// begin starts the goroutine of a host. m.mu is held.
func (m *Monitor) begin(ctx context.Context, id int) {
	ctx, cancel := context.WithCancel(ctx)
	l := &look{Monitor: m, id: id, cancel: cancel, now: pause.NewBell()}
	m.looks[id] = l
	m.under.Go(func() { l.run(ctx) })
}
