package scheduler

import (
	"slices"

	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/cluster"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/user"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// matters reports whether a commit could allow a VM to be placed: a VM is new or requests
// something else, or a host, datastore, network or cluster has changed.
func matters(c store.Commit) bool {
	for _, change := range c.Changes {
		switch v := change.New.(type) {
		case *vm.VM:
			old, _ := change.Old.(*vm.VM)
			if waits(v) && (old == nil || !waits(old) || asksOther(old, v)) {
				return true
			}
		case *host.Host:
			old, _ := change.Old.(*host.Host)
			if old == nil || roomier(old, v) {
				return true
			}
		case *network.VNet:
			old, _ := change.Old.(*network.VNet)
			if old == nil || freer(old, v) {
				return true
			}
		case *user.User:
			old, _ := change.Old.(*user.User)
			if old != nil && !slices.Equal(old.Groups, v.Groups) {
				return true
			}
		case *datastore.Datastore, *cluster.Cluster, *acl.Rule:
			return true
		}
	}
	return false
}

// roomier reports whether a host may now accept VMs that it did not accept before. Reduced
// capacity is no reason to schedule again.
func roomier(old, h *host.Host) bool {
	return old.State != h.State || old.ClusterID != h.ClusterID ||
		old.Share.MaxCPU != h.Share.MaxCPU || old.Share.MaxMemKiB != h.Share.MaxMemKiB ||
		old.Share.CPUUsage > h.Share.CPUUsage || old.Share.MemUsageKiB > h.Share.MemUsageKiB ||
		old.Share.RunningVMs > h.Share.RunningVMs || len(freeDevices(h)) > len(freeDevices(old)) || !old.NUMA.Like(&h.NUMA) || !old.Template.Equal(h.Template)
}

// freer reports whether a network may now accept NICs that it did not accept before. Fewer free
// leases are no reason to schedule again.
func freer(old, n *network.VNet) bool {
	return old.State != n.State || n.Size()-n.Used() > old.Size()-old.Used() ||
		!slices.Equal(old.Clusters, n.Clusters) || !old.Template.Equal(n.Template) ||
		old.Perms != n.Perms || old.UID != n.UID || old.GID != n.GID || old.Lock != n.Lock
}

// asksOther reports whether the requests or the owner of a waiting VM have changed.
func asksOther(old, v *vm.VM) bool {
	return wishes(old) != wishes(v) || vm.Capacity(old) != vm.Capacity(v) || old.UID != v.UID || old.GID != v.GID ||
		!slices.Equal(autoNICs(old), autoNICs(v))
}
