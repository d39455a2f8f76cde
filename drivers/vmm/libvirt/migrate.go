package libvirt

import (
	"context"
	"fmt"

	lv "libvirt.org/go/libvirt"

	"github.com/renkei-vpe/renkei/drivers"
)

// migrateFlags make a live migration that moves the definition along. The disks
// have to be where both hosts see them; that is the datastore's affair, and
// libvirt knows too few shared file systems to judge it.
const migrateFlags = lv.MIGRATE_LIVE | lv.MIGRATE_PERSIST_DEST | lv.MIGRATE_UNDEFINE_SOURCE |
	lv.MIGRATE_UNSAFE | lv.MIGRATE_AUTO_CONVERGE

// Migrate moves the running vm to another host. When ctx ends first, it is
// called off and the guest goes on here.
func (h *hypervisor) Migrate(ctx context.Context, vm drivers.VM, to drivers.Host) error {
	other := &hypervisor{driver: h.driver, host: to, uri: h.driver.settings.uri(to)}
	err := change(ctx, h, vm, func(c *lv.Connect) error {
		target, done, err := h.driver.pool.take(ctx, linkKey{to.Name, other.uri, acting}, other.knock)
		if err != nil {
			return err
		}
		defer done()
		dom, err := active(c, vm)
		if err != nil {
			return h.arrived(c, target.conn, vm, err)
		}
		defer free(dom)
		defer abortWith(ctx, dom)()
		moved, err := dom.Migrate3(target.conn, &lv.DomainMigrateParameters{
			URISet: true, URI: h.driver.settings.migrateURI(to),
		}, migrateFlags)
		free(moved)
		return err
	})
	if err != nil {
		return fmt.Errorf("migrating VM %d from host %s to %s: %w", vm.ID, h.host.Name, to.Name, err)
	}
	return nil
}

// arrived answers nil when an earlier call has moved vm, and completes it; else
// why it is not here.
func (h *hypervisor) arrived(here, there *lv.Connect, vm drivers.VM, notHere error) error {
	dom, err := active(there, vm)
	if err != nil {
		return notHere
	}
	defer free(dom)
	if err := keep(there, dom); err != nil {
		return err
	}
	old, err := find(here, vm)
	if err != nil {
		return err
	}
	defer free(old)
	return undefine(old)
}
