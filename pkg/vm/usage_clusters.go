package vm

import (
	"slices"
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// UsedBy counts what the VMs of a user (Kind.ByOwner) or of a group
// (Kind.ByGroup) use in some clusters, for a new quota of those clusters.
func UsedBy(owner *store.Index[VM], id int) quota.InClusters {
	return func(r store.Reader, clusters []int) quota.Delta {
		sum := quota.Delta{ClusterID: quota.NotPlaced}
		for row := range owner.Find(r, strconv.Itoa(id)) {
			if d := Usage(row.Val); slices.Contains(clusters, d.ClusterID) {
				addVM(&sum, d)
			}
		}
		return sum
	}
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
}
