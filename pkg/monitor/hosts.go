package monitor

import (
	"context"
	"sync"
	"time"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/pause"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// answerTimeout is the timeout for answers of hosts and datastores.
const answerTimeout = 30 * time.Second

// usualAnswer is the time within which a healthy host answers.
const usualAnswer = 2 * time.Second

// retryPause is the pause after a host did not answer.
const retryPause = 10 * time.Second

// look monitors one host, in a goroutine.
type look struct {
	*Monitor
	id     int
	cancel context.CancelFunc
	now    pause.Bell // monitor at once

	hostDue time.Time // time of the next monitoring of the host itself; only used by the goroutine
}

// run monitors the host at intervals until ctx ends, and receives events of its hypervisor.
func (l *look) run(ctx context.Context) {
	events := l.listen(ctx)
	for ctx.Err() == nil {
		l.wait(ctx, l.see(ctx), events)
	}
}

// see monitors what is due, and returns the time until the next monitoring. If the host does
// not answer, its VMs are not monitored.
func (l *look) see(ctx context.Context) time.Duration {
	if now := time.Now(); !now.Before(l.hostDue) {
		l.hostDue = now.Add(l.Every.Host)
		if !l.seeHost(ctx) {
			l.hostDue = now.Add(retryPause)
			return retryPause
		}
	}
	l.seeVMs(ctx)
	return l.Every.VM
}

// wait waits for the next monitoring, and handles events of the hypervisor meanwhile.
func (l *look) wait(ctx context.Context, d time.Duration, events <-chan drivers.Domain) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-l.now:
			l.hostDue = time.Time{}
			return
		case <-timer.C:
			return
		case d := <-events:
			l.told(ctx, d)
		}
	}
}

// hypervisor returns the driver for a host, and the host as it is now.
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

// seeHost monitors a host. It returns false if the host does not answer.
func (l *look) seeHost(ctx context.Context) bool {
	hv, h, ok := l.hypervisor(l.id)
	if h == nil {
		return false
	}
	if !ok {
		l.lost(ctx, `there is no virtualization driver "`+h.VMMad+`"`)
		return false
	}
	var rep drivers.HostReport
	err := l.ask(ctx, func(ctx context.Context) (err error) {
		rep, err = hv.Monitor(ctx)
		return err
	})
	if ctx.Err() != nil {
		return false
	}
	if err != nil {
		l.lost(ctx, err.Error())
		return false
	}
	l.update(ctx, func(tx *store.Tx) error {
		host.Seen(tx, l.id, rep)
		return nil
	})
	if s, ok := host.Samples.Get(l.Store.Read(), store.ID(l.id)); ok {
		l.Rings.host(l.id, *s)
	}
	return true
}

// ask waits for one of the places of m.gate, then calls question with a timeout. After
// usualAnswer, the place is given up, so that hosts that do not answer do not delay the others.
func (m *Monitor) ask(ctx context.Context, question func(context.Context) error) error {
	select {
	case m.gate <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	leave := sync.OnceFunc(func() { <-m.gate })
	defer leave()
	defer time.AfterFunc(usualAnswer, leave).Stop()
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	return question(ctx)
}

// lost records that a host does not answer, so that its VMs are not monitored.
func (l *look) lost(ctx context.Context, why string) {
	l.Log.Warn().Int("host", l.id).Str("why", why).Msg("host does not answer")
	l.update(ctx, func(tx *store.Tx) error {
		host.Lost(tx, l.id, why)
		return vm.HostLost(tx, l.VMs, l.id)
	})
}

func (l *look) update(ctx context.Context, fn func(*store.Tx) error) {
	if err := l.Store.Update(ctx, fn); err != nil && ctx.Err() == nil {
		l.Log.Error().Err(err).Int("host", l.id).Msg("what was seen could not be stored")
	}
}
