package libvirt

import (
	"context"
	"fmt"

	lv "libvirt.org/go/libvirt"

	"github.com/renkei-vpe/renkei/drivers"
)

// migrateFlags are those of a live migration with the definition. Disks have to be on storage
// that both hosts share; the datastore's driver is responsible for that, as libvirt does not
// know all shared file systems.
const migrateFlags = lv.MIGRATE_LIVE | lv.MIGRATE_PERSIST_DEST | lv.MIGRATE_UNDEFINE_SOURCE |
	lv.MIGRATE_UNSAFE | lv.MIGRATE_AUTO_CONVERGE

// Migrate live-migrates vm to another host. If ctx ends first, the migration is aborted and the
// guest stays here.
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

// arrived answers nil if an earlier call has migrated vm, and completes that; otherwise
// notHere.
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
