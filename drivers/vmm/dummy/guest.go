package dummy

import (
	"context"
	"fmt"

	"github.com/renkei-vpe/renkei/drivers"
)

// SetState does to a VM what nobody asked Renkei for: its guest powers itself
// off (DomainOff), crashes (DomainFailed), somebody pauses it (DomainPaused) or
// lets it go on (DomainRunning). Those who watch the host see it.
func (d *Driver) SetState(host string, vmID int, s drivers.DomainState) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	dom, err := d.world.domain(host, vmID)
	if err != nil {
		return err
	}
	if dom == nil {
		return fmt.Errorf("dummy host %s has no domain of VM %d", host, vmID)
	}
	dom.State = s
	if err := d.world.put(host, dom); err != nil {
		return err
	}
	(&hypervisor{driver: d, host: host}).tell(dom, s)
	return nil
}

// SetFacts makes a host larger or smaller than the others, or unreachable.
func (d *Driver) SetFacts(host string, f Facts) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if f.Down {
		d.feed.Fail(host, errDown)
	}
	return d.world.putFacts(host, f)
}

// Watch tells of changes that this driver makes. Those that a person makes in
// the files show in the next Poll only.
func (h *hypervisor) Watch(ctx context.Context, see func(drivers.Domain)) error {
	return h.driver.feed.Watch(ctx, h.host, see)
}

var (
	_ drivers.Migrator    = (*hypervisor)(nil)
	_ drivers.DiskPlugger = (*hypervisor)(nil)
	_ drivers.NICPlugger  = (*hypervisor)(nil)
	_ drivers.Snapshotter = (*hypervisor)(nil)
	_ drivers.Resizer     = (*hypervisor)(nil)
	_ drivers.Watcher     = (*hypervisor)(nil)
)
