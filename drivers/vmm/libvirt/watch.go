package libvirt

import (
	"context"

	lv "libvirt.org/go/libvirt"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/vmm/libvirt/domxml"
)

// Watch tells of the domains of the host as libvirt does, until ctx ends or the
// connection is lost.
func (h *hypervisor) Watch(ctx context.Context, see func(drivers.Domain)) error {
	id, err := call(ctx, h, watching, func(c *lv.Connect) (int, error) {
		return c.DomainEventLifecycleRegister(nil, h.publish)
	})
	if err != nil {
		return err
	}
	err = h.driver.feed.Watch(ctx, h.host.Name, see)
	// ctx has ended, but this is short; a connection that is gone has no
	// callbacks left to remove, and its error would hide the reason.
	_, _ = call(context.WithoutCancel(ctx), h, watching, func(c *lv.Connect) (struct{}, error) {
		return struct{}{}, c.DomainEventDeregister(id)
	})
	return err
}

// publish runs in the event loop: it must not call the host.
func (h *hypervisor) publish(_ *lv.Connect, dom *lv.Domain, e *lv.DomainEventLifecycle) {
	state, ok := stateAfter(e)
	if !ok {
		return
	}
	name, err := dom.GetName() // which the library knows by itself
	if err != nil {
		return
	}
	h.driver.feed.Publish(h.host.Name, drivers.Domain{VMID: domxml.VMID(name), DeployID: name, State: state})
}

// stateAfter answers what a domain is after an event; ok is false when the event
// says nothing that matters here.
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
		return drivers.DomainUnknown, false // it runs elsewhere
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
