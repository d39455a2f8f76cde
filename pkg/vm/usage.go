package vm

import (
	"math"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Usage is what a VM counts for in the quotas of its owner. It follows from
// the VM, and from which attributes are counted: what put charges and gives back is
// the difference between two versions, so that nothing can drift.
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
		// oned counts a floating NIC as if it had an address (QuotaNetwork::check)
		if id, ok := nic.Int("NETWORK_ID"); ok && (leased(nic) || floatingOnly(nic)) {
			d.Networks[id]++
		}
	}
	return d
}

// countFurther adds the attributes that are counted here beside those of every server.
// What the template says goes before what the user's template says, and what is no
// number counts for nothing (VirtualMachine::get_quota_template).
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

// countDisk adds a disk: its image, and its bytes where they lie.
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

// diskMiB is a disk with its snapshots.
func diskMiB(disk *attr.Attr) int64 {
	size, _ := disk.Int("SIZE")
	snapshots, _ := disk.Int("DISK_SNAPSHOT_TOTAL_SIZE")
	return int64(size + snapshots)
}

// systemSnapshotMiB is what snapshots of the whole machine are taken to need.
func systemSnapshotMiB(v *VM) (sum int64) {
	for _, snap := range v.Template.Vectors("SNAPSHOT") {
		size, _ := snap.Int("SYSTEM_DISK_SIZE")
		sum += int64(size)
	}
	return sum
}

// isVolatile tells a disk that comes from no image.
func isVolatile(disk *attr.Attr) bool {
	t := disk.Get("TYPE")
	return strings.EqualFold(t, "swap") || strings.EqualFold(t, "fs")
}

// isPersistent tells a disk whose changes go into its image.
func isPersistent(disk *attr.Attr) bool {
	yes, _ := disk.Bool("PERSISTENT")
	return yes
}

// diskTarget tells where the bytes of a disk lie: SYSTEM, SELF (beside the
// image) or NONE (in the image).
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

// clusterOf is the cluster of the VM's last host, quota.NotPlaced before the first.
func clusterOf(v *VM) int {
	if rec := v.Last(); rec != nil {
		return rec.ClusterID
	}
	return quota.NotPlaced
}
