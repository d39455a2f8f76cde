package quota

import (
	"maps"
	"slices"
	"strconv"
)

// Delta is the usage of an object, or a change of usage.
type Delta struct {
	VMs          int
	CPU          float64
	MemoryMB     int64
	SystemDiskMB int64
	PCIDevices   int
	PCINICs      int

	RunningVMs        int
	RunningCPU        float64
	RunningMemoryMB   int64
	RunningPCIDevices int
	RunningPCINICs    int

	Further map[string]float64 // by attribute, and for running VMs with RunningPrefix

	Datastores map[int]Store // by datastore
	Networks   map[int]int   // leases by network
	Images     map[int]int   // by image: VMs that use it

	// ClusterID is the cluster in which the VM is placed, or NotPlaced. VM quotas of a cluster
	// also count there.
	ClusterID int
	// ClusterOnly excludes the quotas without clusters, because they have counted the VM before it
	// was placed in, or moved to, this cluster.
	ClusterOnly bool
}

// NotPlaced is the ClusterID of objects outside of clusters, and of VMs before they are placed.
const NotPlaced = -1

// Store is the usage of a datastore.
type Store struct {
	Images int
	SizeMB int64
}

// Negative is the delta that undoes d.
func (d Delta) Negative() Delta {
	n := Delta{
		VMs: -d.VMs, CPU: -d.CPU, MemoryMB: -d.MemoryMB, SystemDiskMB: -d.SystemDiskMB,
		PCIDevices: -d.PCIDevices, PCINICs: -d.PCINICs,
		RunningVMs: -d.RunningVMs, RunningCPU: -d.RunningCPU, RunningMemoryMB: -d.RunningMemoryMB,
		RunningPCIDevices: -d.RunningPCIDevices, RunningPCINICs: -d.RunningPCINICs,
		Further: negative(d.Further), Networks: negative(d.Networks), Images: negative(d.Images),
		ClusterID: d.ClusterID, ClusterOnly: d.ClusterOnly,
	}
	if d.Datastores != nil {
		n.Datastores = make(map[int]Store, len(d.Datastores))
		for id, s := range d.Datastores {
			n.Datastores[id] = Store{Images: -s.Images, SizeMB: -s.SizeMB}
		}
	}
	return n
}

func negative[K comparable, N int | float64](m map[K]N) map[K]N {
	if m == nil {
		return nil
	}
	n := make(map[K]N, len(m))
	for k, v := range m {
		n[k] = -v
	}
	return n
}

// use is what a delta needs of one quota.
type use struct {
	class   Class
	key     string
	amounts []Amount
}

// uses lists what d needs of the quotas q, in oned's order of checks: networks, VMs, images,
// datastores.
func (d Delta) uses(q *Quotas) []use {
	var list []use
	for _, id := range slices.Sorted(maps.Keys(d.Networks)) {
		list = append(list, use{Networks, strconv.Itoa(id), []Amount{whole(int64(d.Networks[id]))}})
	}
	if vm := d.ofVM(q.Further); !all(vm, 0) {
		if e := q.ofCluster(d.ClusterID); e != nil {
			list = append(list, use{VMs, e.Key, vm})
		}
		if !d.ClusterOnly {
			list = append(list, use{VMs, "", vm})
		}
	}
	for _, id := range slices.Sorted(maps.Keys(d.Images)) {
		list = append(list, use{Images, strconv.Itoa(id), []Amount{whole(int64(d.Images[id]))}})
	}
	for _, id := range slices.Sorted(maps.Keys(d.Datastores)) {
		s := d.Datastores[id]
		list = append(list, use{Datastores, strconv.Itoa(id), []Amount{dsImages: whole(int64(s.Images)), dsSize: whole(s.SizeMB)}})
	}
	return list
}

// ofVM returns the amounts of a VM, in the order of the metrics.
func (d Delta) ofVM(further []string) []Amount {
	amounts := []Amount{
		vmCPU:           fraction(d.CPU),
		vmMemory:        whole(d.MemoryMB),
		vmPCIDev:        whole(int64(d.PCIDevices)),
		vmPCINIC:        whole(int64(d.PCINICs)),
		vmRunningCPU:    fraction(d.RunningCPU),
		vmRunningMemory: whole(d.RunningMemoryMB),
		vmRunningPCIDev: whole(int64(d.RunningPCIDevices)),
		vmRunningPCINIC: whole(int64(d.RunningPCINICs)),
		vmRunningVMs:    whole(int64(d.RunningVMs)),
		vmSystemDisk:    whole(d.SystemDiskMB),
		vmVMs:           whole(int64(d.VMs)),
	}
	for _, name := range further {
		amounts = append(amounts, fraction(d.Further[name]), fraction(d.Further[RunningPrefix+name]))
	}
	return amounts
}
