package dummy

import (
	"context"
	"fmt"

	"github.com/renkei-vpe/renkei/drivers"
)

// SetState changes a VM without a request to Renkei: its guest powers itself off (DomainOff) or
// crashes (DomainFailed), or somebody pauses (DomainPaused) or resumes it (DomainRunning).
// Watchers of the host are told.
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

// SetFacts changes the size of a host, or makes it unreachable.
func (d *Driver) SetFacts(host string, f Facts) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if f.Down {
		d.feed.Fail(host, errDown)
	}
	return d.world.putFacts(host, f)
}

// Watch reports changes that this driver makes. Changes of files only show in the next Poll.
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
