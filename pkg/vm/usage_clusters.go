package vm

import (
	"slices"

	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// UsedIn counts what somebody's VMs use in some clusters, for a new quota of
// those clusters. theirs tells the VMs by their owner.
func UsedIn(r store.Reader, theirs func(uid, gid int) bool, clusters []int) quota.Delta {
	sum := quota.Delta{ClusterID: quota.NotPlaced, Further: map[string]float64{}}
	for row := range Kind.Table.All(r) {
		if v := row.Val; theirs(v.UID, v.GID) && slices.Contains(clusters, clusterOf(v)) {
			addVM(&sum, Usage(r, v))
		}
	}
	return sum
}

// addVM adds what quotas of clusters count.
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
