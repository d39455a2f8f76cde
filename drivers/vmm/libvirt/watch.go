package libvirt

import (
	"context"

	lv "libvirt.org/go/libvirt"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/vmm/libvirt/domxml"
)

// Watch reports libvirt's events of domains on the host, until ctx ends or the connection is
// lost.
func (h *hypervisor) Watch(ctx context.Context, see func(drivers.Domain)) error {
	id, err := call(ctx, h, watching, func(c *lv.Connect) (int, error) {
		return c.DomainEventLifecycleRegister(nil, h.publish)
	})
	if err != nil {
		return err
	}
	err = h.driver.feed.Watch(ctx, h.host.Name, see)
	// ctx may have ended, but this is short; if the connection is lost, there are no callbacks
	// to remove, and the error would hide the reason.
	_, _ = call(context.WithoutCancel(ctx), h, watching, func(c *lv.Connect) (struct{}, error) {
		return struct{}{}, c.DomainEventDeregister(id)
	})
	return err
}

// publish runs in the event loop, so it must not call the host.
func (h *hypervisor) publish(_ *lv.Connect, dom *lv.Domain, e *lv.DomainEventLifecycle) {
	state, ok := stateAfter(e)
	if !ok {
		return
	}
	name, err := dom.GetName() // needs no call to the host
	if err != nil {
		return
	}
	h.driver.feed.Publish(h.host.Name, drivers.Domain{VMID: domxml.VMID(name), DeployID: name, State: state})
}

// stateAfter answers the state of a domain after an event; ok is false if the event does not
// matter.
func stateAfter(e *lv.DomainEventLifecycle) (s drivers.DomainState, ok bool) {
	switch e.Event {
	case lv.DOMAIN_EVENT_STARTED, lv.DOMAIN_EVENT_RESUMED:
		return drivers.DomainRunning, true
	case lv.DOMAIN_EVENT_SUSPENDED:
		if lv.DomainEventSuspendedDetailType(e.Detail) == lv.DOMAIN_EVENT_SUSPENDED_MIGRATED {
			return drivers.DomainMigrating, true
		}
		return drivers.DomainPaused, true
	case lv.DOMAIN_EVENT_PMSUSPENDED:
		return drivers.DomainPaused, true
	case lv.DOMAIN_EVENT_CRASHED:
		return drivers.DomainFailed, true
	case lv.DOMAIN_EVENT_STOPPED:
		return stoppedAs(lv.DomainEventStoppedDetailType(e.Detail))
	}
	return drivers.DomainUnknown, false
}

func stoppedAs(why lv.DomainEventStoppedDetailType) (s drivers.DomainState, ok bool) {
	switch why {
	case lv.DOMAIN_EVENT_STOPPED_MIGRATED:
		return drivers.DomainUnknown, false // it runs on another host
	case lv.DOMAIN_EVENT_STOPPED_CRASHED, lv.DOMAIN_EVENT_STOPPED_FAILED:
		return drivers.DomainFailed, true
	}
	return drivers.DomainOff, true
}

var (
	_ drivers.Migrator    = (*hypervisor)(nil)
	_ drivers.DiskPlugger = (*hypervisor)(nil)
	_ drivers.NICPlugger  = (*hypervisor)(nil)
	_ drivers.NICTuner    = (*hypervisor)(nil)
	_ drivers.Snapshotter = (*hypervisor)(nil)
	_ drivers.Resizer     = (*hypervisor)(nil)
	_ drivers.Watcher     = (*hypervisor)(nil)
)
