package libvirt

import (
	"context"
	"fmt"

	lv "libvirt.org/go/libvirt"

	"github.com/renkei-vpe/renkei/drivers"
)

// CreateSnapshot snapshots memory and disks of the running vm, inside its qcow2 disks.
func (h *hypervisor) CreateSnapshot(ctx context.Context, vm drivers.VM, snapshotID int) (string, error) {
	name := fmt.Sprintf("snap-%d", snapshotID)
	err := h.alter(ctx, vm, "snapshotting", func(_ *lv.Connect, dom *lv.Domain) error {
		s, err := snapshot(dom, name)
		if s == nil && err == nil {
			defer abortWith(ctx, dom)()
			s, err = dom.CreateSnapshotXML("<domainsnapshot><name>"+name+"</name></domainsnapshot>", 0)
		}
		freeSnapshot(s)
		return err
	})
	return name, err
}

// RevertSnapshot reverts vm to a snapshot; it is running then.
func (h *hypervisor) RevertSnapshot(ctx context.Context, vm drivers.VM, name string) error {
	return h.alter(ctx, vm, "reverting", func(_ *lv.Connect, dom *lv.Domain) error {
		s, err := snapshot(dom, name)
		if err != nil {
			return err
		}
		if s == nil {
			return fmt.Errorf("there is no snapshot %s", name)
		}
		defer freeSnapshot(s)
		return s.RevertToSnapshot(lv.DOMAIN_SNAPSHOT_REVERT_RUNNING)
	})
}

// DeleteSnapshot deletes a snapshot.
func (h *hypervisor) DeleteSnapshot(ctx context.Context, vm drivers.VM, name string) error {
	return h.alter(ctx, vm, "deleting a snapshot of", func(_ *lv.Connect, dom *lv.Domain) error {
		s, err := snapshot(dom, name)
		if err != nil || s == nil {
			return err
		}
		defer freeSnapshot(s)
		return s.Delete(0)
	})
}

// snapshot answers nil if there is none of that name.
func snapshot(dom *lv.Domain, name string) (*lv.DomainSnapshot, error) {
	s, err := dom.SnapshotLookupByName(name, 0)
	if is(err, lv.ERR_NO_DOMAIN_SNAPSHOT) {
		return nil, nil
	}
	return s, err
}

func freeSnapshot(s *lv.DomainSnapshot) {
	if s != nil {
		_ = s.Free()
	}
}
