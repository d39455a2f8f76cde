package one

import (
	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
	"github.com/renkei-vpe/renkei/xmlrpc"
)

func vmSnapshotMethods() []method {
	return []method{
		{name: "one.vm.snapshotcreate", params: params(pID, pName), may: onVM(one.ActionSnapshotCreate), do: change(vmSnapshot)},
		{name: "one.vm.snapshotrevert", params: ints("object id", "snapshot id"), may: onVM(one.ActionSnapshotRevert), do: change(vmSnapshotRevert)},
		{name: "one.vm.snapshotdelete", params: ints("object id", "snapshot id"), may: onVM(one.ActionSnapshotDelete), do: change(vmSnapshotDelete)},
		{
			name: "one.vm.disksnapshotcreate", params: append(ints("object id", "disk id"), pName),
			may: unless(vmNoDiskSnapshot, onVMDisk(one.ActionDiskSnapshotCreate)), do: change(vmDiskSnapshot),
		},
		{
			name: "one.vm.disksnapshotrevert", params: ints("object id", "disk id", "snapshot id"),
			may: unless(vmNoSuchSnapshots, onVM(one.ActionDiskSnapshotRevert)), do: change(vmDiskSnapshotRevert),
		},
		{
			name: "one.vm.disksnapshotdelete", params: ints("object id", "disk id", "snapshot id"),
			may: unless(vmNoSuchSnapshots, onVMDisk(one.ActionDiskSnapshotDelete)), do: change(vmDiskSnapshotDelete),
		},
		{
			name: "one.vm.disksnapshotrename", params: append(ints("object id", "disk id", "snapshot id"), pName),
			may: onVM(one.ActionDiskSnapshotRename), do: change(vmDiskSnapshotRename),
		},
		{
			name: "one.vm.disksaveas", may: unless(vmNoSaveAs, all(onVM(one.ActionDiskSaveAs), create(one.KindImage), vmMaySaveThere)), do: change(vmSaveAs),
			params: append(ints("object id", "disk id"), xmlrpc.Param{Name: "image name", Type: xmlrpc.String},
				xmlrpc.Param{Name: "image type, empty as it is", Type: xmlrpc.String}, xmlrpc.Param{Name: "snapshot id, -1 current", Type: xmlrpc.Int}),
		},
	}
}

// vmNoDiskSnapshot refuses a call before the caller's rights are checked.
func vmNoDiskSnapshot(c *call) error { return vm.CheckDiskSnapshot(c.Snap, c.Int(1), c.Int(2)) }

func vmNoSuchSnapshots(c *call) error { return vm.CheckDiskSnapshots(c.Snap, c.Int(1), c.Int(2)) }

func vmNoSaveAs(c *call) error {
	_, err := vm.CheckSaveAs(c.Snap, c.Int(1), c.Int(2), c.Int(5))
	return err
}

// vmMaySaveThere needs USE of the datastore of the disk's image.
func vmMaySaveThere(c *call) ([]acl.Ask, error) {
	origin, err := vm.CheckSaveAs(c.Snap, c.Int(1), c.Int(2), c.Int(5))
	if err != nil {
		return nil, err
	}
	return askOn(c, datastore.Kind, one.Use, origin.DatastoreID)
}

func vmSnapshot(tx *store.Tx, s *Server, c *call) (int, error) {
	return vm.CreateSnapshot(tx, s.VMs, c.Caller, c.Int(1), c.Text(2))
}

func vmSnapshotRevert(tx *store.Tx, s *Server, c *call) (int, error) {
	return c.Int(1), vm.RevertSnapshot(tx, s.VMs, c.Caller, c.Int(1), c.Int(2))
}

func vmSnapshotDelete(tx *store.Tx, s *Server, c *call) (int, error) {
	return c.Int(1), vm.DeleteSnapshot(tx, s.VMs, c.Caller, c.Int(1), c.Int(2))
}

func vmDiskSnapshot(tx *store.Tx, s *Server, c *call) (int, error) {
	return vm.CreateDiskSnapshot(tx, s.VMs, c.Caller, c.Int(1), c.Int(2), c.Text(3))
}

func vmDiskSnapshotRevert(tx *store.Tx, s *Server, c *call) (int, error) {
	return c.Int(1), vm.RevertDiskSnapshot(tx, s.VMs, c.Caller, c.Int(1), c.Int(2), c.Int(3))
}

func vmDiskSnapshotDelete(tx *store.Tx, s *Server, c *call) (int, error) {
	return c.Int(1), vm.DeleteDiskSnapshot(tx, s.VMs, c.Caller, c.Int(1), c.Int(2), c.Int(3))
}

func vmDiskSnapshotRename(tx *store.Tx, _ *Server, c *call) (int, error) {
	return c.Int(1), vm.RenameDiskSnapshot(tx, c.Int(1), c.Int(2), c.Int(3), c.Text(4))
}

func vmSaveAs(tx *store.Tx, s *Server, c *call) (int, error) {
	return vm.SaveAs(tx, s.VMs, c.Caller, c.Int(1), c.Int(2), c.Text(3), c.Text(4), c.Int(5))
}
