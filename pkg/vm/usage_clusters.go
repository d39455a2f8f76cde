package vm

import (
	"slices"

	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// UsedIn sums up what VMs use in some clusters; it initializes a new quota of these clusters.
// theirs selects the VMs by owner.
func UsedIn(r store.Reader, theirs func(uid, gid int) bool, clusters []int) quota.Delta {
	sum := quota.Delta{ClusterID: quota.NotPlaced, Further: map[string]float64{}}
	for row := range Kind.Table.All(r) {
		if v := row.Val; theirs(v.UID, v.GID) && slices.Contains(clusters, clusterOf(v)) {
			addVM(&sum, Usage(r, v))
		}
	}
	return sum
}

// addVM adds the amounts that cluster quotas count.
func addVM(sum *quota.Delta, d quota.Delta) {
	sum.VMs += d.VMs
	sum.CPU += d.CPU
	sum.MemoryMB += d.MemoryMB
	sum.SystemDiskMB += d.SystemDiskMB
	sum.PCIDevices += d.PCIDevices
	sum.PCINICs += d.PCINICs
	sum.RunningVMs += d.RunningVMs
	sum.RunningCPU += d.RunningCPU
	sum.RunningMemoryMB += d.RunningMemoryMB
	sum.RunningPCIDevices += d.RunningPCIDevices
	sum.RunningPCINICs += d.RunningPCINICs
	for name, n := range d.Further {
		sum.Further[name] += n
	}
}
