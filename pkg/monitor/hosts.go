package monitor

import (
	"context"
	"time"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// patience is how long a host may take to answer.
const patience = 30 * time.Second

// again is the pause after a host did not answer.
const again = 10 * time.Second

// lookAt asks a host at intervals until ctx ends, and listens to what its
// hypervisor tells by itself.
func (m *Monitor) lookAt(ctx context.Context, id int, l *look) {
	var nextHost time.Time
	events := m.listen(ctx, id)
	for ctx.Err() == nil {
		wait := m.Every.VM
		if now := time.Now(); !now.Before(nextHost) {
			nextHost = now.Add(m.Every.Host)
			if !m.seeHost(ctx, id) {
				wait, nextHost = again, now.Add(again)
			}
		}
		m.seeVMs(ctx, id)
		if !nextLook(ctx, wait, l.now, &nextHost, func(d drivers.Domain) { m.told(ctx, id, d) }, events) {
			return
		}
	}
}

// nextLook waits for the next look; what the hypervisor tells meanwhile is taken
// in at once.
func nextLook(ctx context.Context, wait time.Duration, now <-chan struct{}, nextHost *time.Time, told func(drivers.Domain), events <-chan drivers.Domain) bool {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return false
		case <-now:
			*nextHost = time.Time{}
			return true
		case <-timer.C:
			return true
		case d := <-events:
			told(d)
		}
	}
}

// hypervisor answers the driver's view of a host as it is registered now.
func (m *Monitor) hypervisor(id int) (drivers.Hypervisor, *host.Host, bool) {
	h, ok := host.Kind.Table.Get(m.Store.Read(), store.ID(id))
	if !ok {
		return nil, nil, false
	}
	vmm, ok := m.Drivers.VMM[h.VMMad]
	if !ok {
		return nil, h, false
	}
	return vmm.On(drivers.Host{ID: h.ID, Name: h.Name, Local: m.Drivers.IsLocal(h.Name), Attrs: h.Template}), h, true
}

// seeHost asks how the host is. It answers false when the host does not answer.
func (m *Monitor) seeHost(ctx context.Context, id int) bool {
	hv, h, ok := m.hypervisor(id)
	if h == nil {
		return false
	}
	if !ok {
		m.lost(ctx, id, `there is no virtualization driver "`+h.VMMad+`"`)
		return false
	}
	var rep drivers.HostReport
	err := m.ask(ctx, func(ctx context.Context) (err error) {
		rep, err = hv.Monitor(ctx)
		return err
	})
	if ctx.Err() != nil {
		return false
	}
	if err != nil {
		m.lost(ctx, id, err.Error())
		return false
	}
	m.update(ctx, id, func(tx *store.Tx) error {
		host.Seen(tx, id, rep)
		return nil
	})
	if s, ok := host.Samples.Get(m.Store.Read(), store.ID(id)); ok {
		m.Rings.host(id, *s)
	}
	return true
}

// ask waits for a place among those that are asked, then asks with patience.
func (m *Monitor) ask(ctx context.Context, question func(context.Context) error) error {
	select {
	case m.gate <- struct{}{}:
		defer func() { <-m.gate }()
	case <-ctx.Done():
		return ctx.Err()
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return question(ctx)
}

// lost notes that a host does not answer, and that nobody sees its VMs.
func (m *Monitor) lost(ctx context.Context, id int, why string) {
	m.Log.Warn().Int("host", id).Str("why", why).Msg("host does not answer")
	m.update(ctx, id, func(tx *store.Tx) error {
		host.Lost(tx, id, why)
		return vm.HostLost(tx, m.VMs, id)
	})
}

func (m *Monitor) update(ctx context.Context, id int, fn func(*store.Tx) error) {
	if err := m.Store.Update(ctx, fn); err != nil && ctx.Err() == nil {
		m.Log.Error().Err(err).Int("host", id).Msg("what was seen could not be stored")
	}
}
