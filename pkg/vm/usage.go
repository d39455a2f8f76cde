package vm

import (
	"math"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Usage is what a VM counts for in its owner's quotas. It depends only on the VM and on the
// generic quotas of the server, so that put can charge the difference between two versions of the
// VM.
func Usage(r store.Reader, v *VM) quota.Delta {
	if v == nil || v.State == one.VMDone {
		return quota.Delta{ClusterID: quota.NotPlaced}
	}
	d := quota.Delta{
		VMs: 1, CPU: math.Round(v.CPU()*100) / 100, MemoryMB: v.MemoryMiB(), SystemDiskMB: systemSnapshotMiB(v),
		Datastores: map[int]quota.Store{}, Networks: map[int]int{}, Images: map[int]int{},
		ClusterID: clusterOf(v),
	}
	for _, pci := range v.Template.Vectors("PCI") {
		if pci.Get("TYPE") == "NIC" {
			d.PCINICs++
		} else {
			d.PCIDevices++
		}
	}
	if v.Status().Holds().Running {
		d.RunningVMs, d.RunningCPU, d.RunningMemoryMB = d.VMs, d.CPU, d.MemoryMB
		d.RunningPCIDevices, d.RunningPCINICs = d.PCIDevices, d.PCINICs
	}
	countFurther(&d, v, quota.Further(r))
	for _, disk := range v.Template.Vectors("DISK") {
		countDisk(&d, disk)
	}
	countBackup(&d, v)
	for _, nic := range v.nics() {
		// oned counts FLOATING_ONLY NICs as if they had a lease (QuotaNetwork::check).
		if id, ok := nic.Int("NETWORK_ID"); ok && (leased(nic) || floatingOnly(nic)) {
			d.Networks[id]++
		}
	}
	return d
}

// countFurther adds generic quotas (VM_QUOTA_ATTRIBUTES). TEMPLATE takes precedence over
// USER_TEMPLATE; values that are not numbers are ignored (VirtualMachine::get_quota_template).
func countFurther(d *quota.Delta, v *VM, names []string) {
	for _, name := range names {
		n, ok := v.Template.Float(name)
		if !v.Template.Has(name) {
			n, ok = v.User.Float(name)
		}
		if !ok {
			continue
		}
		if d.Further == nil {
			d.Further = map[string]float64{}
		}
		d.Further[name] = n
		if d.RunningVMs > 0 {
			d.Further[quota.RunningPrefix+name] = n
		}
	}
}

// countDisk adds a disk: the use of its image, and its size on the system or image datastore.
func countDisk(d *quota.Delta, disk *attr.Attr) {
	if id, ok := disk.Int("IMAGE_ID"); ok {
		d.Images[id]++
	}
	size := diskMiB(disk)
	switch target := diskTarget(disk); {
	case isVolatile(disk) || target == "SYSTEM":
		d.SystemDiskMB += size
	case target == "SELF":
		ds, _ := disk.Int("DATASTORE_ID")
		s := d.Datastores[ds]
		s.SizeMB += size
		d.Datastores[ds] = s
	}
}

// diskMiB is the size of a disk including its snapshots.
func diskMiB(disk *attr.Attr) int64 {
	size, _ := disk.Int("SIZE")
	snapshots, _ := disk.Int("DISK_SNAPSHOT_TOTAL_SIZE")
	return int64(size + snapshots)
}

// systemSnapshotMiB is the estimated size of the system snapshots.
func systemSnapshotMiB(v *VM) (sum int64) {
	for _, snap := range v.Template.Vectors("SNAPSHOT") {
		size, _ := snap.Int("SYSTEM_DISK_SIZE")
		sum += int64(size)
	}
	return sum
}

// isVolatile tells whether a disk has no image.
func isVolatile(disk *attr.Attr) bool {
	t := disk.Get("TYPE")
	return strings.EqualFold(t, "swap") || strings.EqualFold(t, "fs")
}

// isPersistent tells whether changes of a disk are written to its image.
func isPersistent(disk *attr.Attr) bool {
	yes, _ := disk.Bool("PERSISTENT")
	return yes
}

// diskTarget tells which datastore a disk takes space in: SYSTEM, SELF (that of the image) or
// NONE (the disk is the image itself).
func diskTarget(disk *attr.Attr) string {
	clone, known := disk.Bool("CLONE")
	switch {
	case !known:
		return ""
	case clone:
		return strings.ToUpper(disk.Get("CLONE_TARGET"))
	}
	return strings.ToUpper(disk.Get("LN_TARGET"))
}

// clusterOf is the cluster of the VM's last host, or quota.NotPlaced if it was never deployed.
func clusterOf(v *VM) int {
	if rec := v.Last(); rec != nil {
		return rec.ClusterID
	}
	return quota.NotPlaced
}
