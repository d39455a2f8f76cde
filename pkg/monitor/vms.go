package monitor

import (
	"context"
	"strconv"
	"time"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/pause"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// seeVMs asks a host for its domains. A VM that has none counts as powered off.
func (l *look) seeVMs(ctx context.Context) {
	hv, _, ok := l.hypervisor(l.id)
	if !ok {
		return
	}
	var domains []drivers.Domain
	began := time.Now()
	err := l.ask(ctx, func(ctx context.Context) (err error) {
		domains, err = hv.Poll(ctx)
		return err
	})
	if err != nil {
		if ctx.Err() == nil {
			l.Log.Debug().Err(err).Int("host", l.id).Msg("polling")
		}
		return
	}
	l.update(ctx, func(tx *store.Tx) error {
		for _, d := range complete(tx, l.id, domains) {
			if err := vm.Observe(tx, l.VMs, d.VMID, l.id, d.State, began); err != nil {
				return err
			}
			if d.State == drivers.DomainRunning {
				vm.PutSample(tx, sampleOf(tx, d))
			}
		}
		return nil
	})
	l.keep(domains)
	l.seeCommands(ctx, hv)
}

// seeCommands asks for the state of commands in the guests of a host.
func (l *look) seeCommands(ctx context.Context, hv drivers.Hypervisor) {
	commander, ok := hv.(drivers.Commander)
	if !ok {
		return
	}
	for row := range vm.ByHost.Find(l.Store.Read(), strconv.Itoa(l.id)) {
		if number, going := row.Val.Executing(); going {
			l.seeCommand(ctx, commander, row.Val, number)
		}
	}
}

func (l *look) seeCommand(ctx context.Context, c drivers.Commander, v *vm.VM, number int) {
	var result *drivers.CommandResult
	err := l.ask(ctx, func(ctx context.Context) (err error) {
		result, err = c.CommandResult(ctx, drivers.VM{ID: v.ID, Name: v.Name, DeployID: v.DeployID, Template: v.Template}, number)
		return err
	})
	switch {
	case err != nil && ctx.Err() == nil:
		l.Log.Debug().Err(err).Int("vm", v.ID).Msg("asking for the command in its guest")
	case err == nil && result != nil:
		l.update(ctx, func(tx *store.Tx) error {
			vm.Executed(tx, v.ID, number, *result)
			return nil
		})
	}
}

// keep adds the samples of VMs to their rings.
func (m *Monitor) keep(domains []drivers.Domain) {
	snap := m.Store.Read()
	for _, d := range domains {
		if s, ok := vm.Samples.Get(snap, store.ID(d.VMID)); ok && d.State == drivers.DomainRunning {
			m.Rings.vm(d.VMID, *s)
		}
	}
}

// complete adds the VMs without a domain, as powered off, and removes domains that are not VMs
// of this server.
func complete(r store.Reader, hostID int, domains []drivers.Domain) []drivers.Domain {
	seen := map[int]bool{}
	var list []drivers.Domain
	for _, d := range domains {
		if d.VMID >= 0 {
			seen[d.VMID] = true
			list = append(list, d)
		}
	}
	for row := range vm.ByHost.Find(r, strconv.Itoa(hostID)) {
		if id := row.Val.ID; !seen[id] {
			list = append(list, drivers.Domain{VMID: id, State: drivers.DomainOff})
		}
	}
	return list
}

// listen returns a channel with events of the hypervisor, if the driver supports that. The
// channel is never closed; after ctx has ended, nothing is sent.
func (l *look) listen(ctx context.Context) <-chan drivers.Domain {
	events := make(chan drivers.Domain, 64)
	l.under.Go(func() {
		for ctx.Err() == nil {
			hv, _, _ := l.hypervisor(l.id)
			w, ok := hv.(drivers.Watcher)
			if !ok {
				return
			}
			err := w.Watch(ctx, func(d drivers.Domain) {
				select {
				case events <- d:
				case <-ctx.Done():
				}
			})
			if err != nil && ctx.Err() == nil {
				l.Log.Debug().Err(err).Int("host", l.id).Msg("events of the hypervisor")
			}
			_ = pause.For(ctx, retryPause) // the loop checks whether ctx has ended
		}
	})
	return events
}

// told handles an event of a hypervisor.
func (l *look) told(ctx context.Context, d drivers.Domain) {
	if d.VMID < 0 {
		return
	}
	now := time.Now()
	l.update(ctx, func(tx *store.Tx) error { return vm.Observe(tx, l.VMs, d.VMID, l.id, d.State, now) })
}
