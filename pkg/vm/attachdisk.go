package vm

import (
	"slices"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/lifecycle"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// AttachDisk serves one.vm.attach, for the first DISK of the template.
func AttachDisk(tx *store.Tx, s Settings, c *one.Caller, id int, t attr.Template) error {
	if err := CheckAttach(tx, id); err != nil {
		return err
	}
	v, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	given := t.Vector("DISK")
	if given != nil {
		if err := affordableWith(tx, s, v, *given); err != nil {
			return ofCaller(c, err)
		}
	}
	if err := allowed(v, lifecycle.AttachDisk); err != nil {
		return err
	}
	if given == nil {
		return one.Errorf(one.CodeAction, "Internal error parsing DISK attribute")
	}
	d := given.Clone()
	if image, named, err := image.Resolve(tx, c.UID, &d); err == nil && named { // names are resolved among the images of the caller, not of the VM's owner
		d.Set("IMAGE_ID", decimal(image))
	}
	diskID := nextDiskID(v)
	if err := addDisk(tx, s, v, &d, diskID); err != nil {
		return one.Errorf(one.CodeAction, "%v", err)
	}
	v.Disk(diskID).Set(underWay, "YES")
	err = Fire(tx, s, v, lifecycle.AttachDisk, Cause{By: c, Args: effect.Args{ArgDisk: decimal(diskID)}})
	return ofCaller(c, err)
}

// underWay is the key that marks a disk or NIC during attach and detach.
const underWay = "ATTACH"

// CheckAttach checks whether disks can be attached to a VM. oned does this before it checks
// permissions.
func CheckAttach(r store.Reader, id int) error {
	v, err := Kind.Get(r, id)
	if err != nil {
		return err
	}
	if v.Last() == nil {
		return one.Errorf(one.CodeAction, "VM is not running in any host")
	}
	return notRouter(v)
}

// notRouter refuses to change devices of a virtual router's VM.
func notRouter(v *VM) error {
	if v.Template.Has("VROUTER_ID") {
		return one.Errorf(one.CodeAction, "Action is not supported for virtual router VMs")
	}
	return nil
}

// notRouters is notRouter for a VM's ID.
func notRouters(r store.Reader, id int) error {
	v, err := Kind.Get(r, id)
	if err != nil {
		return err
	}
	return notRouter(v)
}

// allowed refuses an event for the VM's status. It is for rules that acquire something before
// they call Fire.
func allowed(v *VM, ev lifecycle.Event) error {
	_, err := lifecycle.Next(v.Status(), ev)
	if err != nil {
		return refusal(v.ID, err)
	}
	return nil
}

// nextDiskID returns an ID for a new disk, greater than those of existing ones.
func nextDiskID(v *VM) int {
	next := 0
	for _, d := range append(v.Template.Vectors("DISK"), v.Template.Vectors("CONTEXT")...) {
		next = max(next, diskID(d)+1)
	}
	return next
}

// addDisk completes a disk and adds it to the template.
func addDisk(tx *store.Tx, s Settings, v *VM, d *attr.Attr, id int) error {
	kind, err := takeDisk(tx, s, v, d, id, image.UseNow)
	if err != nil {
		return err
	}
	if isVolatile(d) {
		if ds, ok := datastore.Kind.Table.Get(tx, store.ID(v.Last().DSID)); ok {
			inStore(d, ds)
		}
	}
	t := targetsOf(v)
	for _, other := range append(v.Template.Vectors("DISK"), v.Template.Vectors("CONTEXT")...) {
		t.used[other.Get("TARGET")] = true
	}
	if target := d.Get("TARGET"); target != "" && t.used[target] {
		return bad("Target %s is already in use.", target)
	}
	if err := t.add(d, kind); err != nil {
		return err
	}
	if err := t.assign(v); err != nil {
		return err
	}
	if clusters := splitIDs(d.Get("CLUSTER_ID")); len(clusters) > 0 && !slices.Contains(clusters, v.Last().ClusterID) {
		return bad("Image [%s] is not part of cluster [%d]", d.Get("IMAGE_ID"), v.Last().ClusterID)
	}
	v.Template.Add(*d)
	return nil
}

// DetachDisk serves one.vm.detach.
func DetachDisk(tx *store.Tx, s Settings, c *one.Caller, id, disk int) error {
	v, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	if err := notRouter(v); err != nil {
		return err
	}
	d := v.Disk(disk)
	if d == nil {
		return noDisk()
	}
	d.Set(underWay, "YES")
	return Fire(tx, s, v, lifecycle.DetachDisk, Cause{By: c, Args: effect.Args{ArgDisk: decimal(disk)}})
}

func noDisk() error { return one.Errorf(one.CodeAction, "VM disk does not exist") }

// forgetDisk removes a disk and its snapshots from the VM. put releases the image.
func forgetDisk(v *VM, id int) {
	forget(v, "DISK", "DISK_ID", id)
	for i := range v.Snapshots {
		if v.Snapshots[i].DiskID == id {
			v.Snapshots = slices.Delete(v.Snapshots, i, i+1)
			return
		}
	}
}
