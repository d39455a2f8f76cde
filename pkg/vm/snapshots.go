package vm

import (
	"slices"
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/lifecycle"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// CreateSnapshot serves one.vm.snapshotcreate and returns the snapshot's ID. The snapshot is in
// the VM as soon as the request is accepted; HYPERVISOR_ID follows when it is created.
func CreateSnapshot(tx *store.Tx, s Settings, c *one.Caller, id int, name string) (int, error) {
	v, err := Kind.Edit(tx, id)
	if err != nil {
		return -1, err
	}
	if v.Backups.Config.Get("MODE") == "INCREMENT" {
		return -1, one.Errorf(one.CodeAction, `Action "snapshot-create" is not compatible with incremental backups`)
	}
	if hasFilesystem(v) {
		return -1, one.Errorf(one.CodeAction, "Cannot create snapshot for VM with FILESYSTEM disks")
	}
	snapID := 0
	for _, snap := range v.Template.Vectors("SNAPSHOT") {
		snapID = max(snapID, idOf(snap, "SNAPSHOT_ID")+1)
	}
	if name == "" {
		name = "snapshot-" + strconv.Itoa(snapID)
	}
	v.Template.Add(attr.NewVector("SNAPSHOT",
		attr.Pair{Key: "SNAPSHOT_ID", Value: strconv.Itoa(snapID)},
		attr.Pair{Key: "ACTION", Value: "CREATE"},
		attr.Pair{Key: "ACTIVE", Value: "YES"},
		attr.Pair{Key: "NAME", Value: name},
		attr.Pair{Key: "TIME", Value: strconv.FormatInt(tx.Now.Unix(), 10)},
		attr.Pair{Key: "HYPERVISOR_ID", Value: ""},
		attr.Pair{Key: "SYSTEM_DISK_SIZE", Value: strconv.FormatInt(int64(float64(systemDiskMiB(v))*s.SnapshotFactor)+v.MemoryMiB(), 10)},
	))
	if err := affordable(tx, v); err != nil {
		return -1, ofCaller(c, err)
	}
	err = Fire(tx, s, v, lifecycle.SnapshotCreate, Cause{By: c, Args: effect.Args{ArgSnapshot: strconv.Itoa(snapID)}})
	return snapID, ofCaller(c, err)
}

// hasFilesystem tells whether the VM has a disk of type FILESYSTEM, a shared folder of its host.
func hasFilesystem(v *VM) bool {
	return slices.ContainsFunc(v.Template.Vectors("DISK"), func(d *attr.Attr) bool { return d.Get("TYPE") == "FILESYSTEM" })
}

// systemDiskMiB is the size of the disks in the system datastore.
func systemDiskMiB(v *VM) (sum int64) {
	for _, d := range v.Template.Vectors("DISK") {
		if isVolatile(d) || diskTarget(d) == "SYSTEM" {
			size, _ := d.Int("SIZE")
			sum += int64(size)
		}
	}
	return sum
}

// RevertSnapshot serves one.vm.snapshotrevert.
func RevertSnapshot(tx *store.Tx, s Settings, c *one.Caller, id, snapshot int) error {
	blame := "Could not revert VM " + strconv.Itoa(id) + " to snapshot " + strconv.Itoa(snapshot)
	return onSnapshot(tx, s, c, id, snapshot, lifecycle.SnapshotRevert, blame)
}

// DeleteSnapshot serves one.vm.snapshotdelete.
func DeleteSnapshot(tx *store.Tx, s Settings, c *one.Caller, id, snapshot int) error {
	blame := "Could not delete snapshot " + strconv.Itoa(snapshot) + " for VM " + strconv.Itoa(id)
	return onSnapshot(tx, s, c, id, snapshot, lifecycle.SnapshotDelete, blame)
}

func onSnapshot(tx *store.Tx, s Settings, c *one.Caller, id, snapshot int, ev lifecycle.Event, blame string) error {
	v, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	if !lifecycle.Can(v.Status(), ev) {
		return one.Errorf(one.CodeAction, "%s, wrong state %s.", blame, v.Status())
	}
	snap := byID(v.Template.Vectors("SNAPSHOT"), "SNAPSHOT_ID", snapshot)
	if snap == nil {
		return one.Errorf(one.CodeAction, "%s, it does not exist.", blame)
	}
	snap.Set("ACTION", map[lifecycle.Event]string{lifecycle.SnapshotRevert: "REVERT", lifecycle.SnapshotDelete: "DELETE"}[ev])
	snap.Set("ACTIVE", "YES")
	args := effect.Args{ArgSnapshot: strconv.Itoa(snapshot), ArgHypervisorID: snap.Get("HYPERVISOR_ID")}
	return Fire(tx, s, v, ev, Cause{By: c, Args: args})
}
