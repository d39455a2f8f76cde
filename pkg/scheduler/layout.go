package scheduler

import (
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/cluster"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/placement"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// layout describes a cluster and its VMs for the optimizer in package placement.
func layout(r store.Reader, c *cluster.Cluster) placement.Layout {
	l := placement.Layout{Whole: map[int]placement.Loads{}, Goal: goalOf(c.DRS())}
	may := &accesses{r: r, known: map[int]*placement.Access{}}
	traffic := placement.Loads{}
	for row := range host.ByCluster.Find(r, decimal(c.ID)) {
		h := row.Val
		seat := seatOf(r, h)
		l.Whole[h.ID] = placement.Loads{
			placement.CPUUsage: float64(h.Share.MaxCPU), placement.CPU: float64(h.Share.MaxCPU), placement.Memory: float64(h.Share.MaxMemKiB),
		}
		for v := range vm.ByHost.Find(r, decimal(h.ID)) {
			if s := stayOf(r, may, v.Val); s.Host == h.ID {
				seat.FreeCPU += s.CPU
				seat.FreeMemoryKiB += s.MemoryKiB
				l.Stays = append(l.Stays, s)
				traffic[placement.Disk] += s.Uses[placement.Disk]
				traffic[placement.Net] += s.Uses[placement.Net]
			}
		}
		l.Hosts = append(l.Hosts, seat)
	}
	for id, whole := range l.Whole {
		whole[placement.Disk], whole[placement.Net] = traffic[placement.Disk], traffic[placement.Net]
		l.Whole[id] = whole
	}
	for row := range datastore.ByCluster.Find(r, decimal(c.ID)) {
		if row.Val.Type == one.DatastoreSystem {
			l.Datastores = append(l.Datastores, storeOf(r, row.Val))
		}
	}
	return l
}

func goalOf(d cluster.DRS) placement.Goal {
	return placement.Goal{Pack: d.Pack, Moves: d.Moves, Weights: placement.Loads{
		placement.CPUUsage: d.Weights["CPU_USAGE"], placement.CPU: d.Weights["CPU"], placement.Memory: d.Weights["MEMORY"],
		placement.Disk: d.Weights["DISK"], placement.Net: d.Weights["NET"],
	}}
}

// stayOf describes a VM on the host of its last history record.
func stayOf(r store.Reader, may *accesses, v *vm.VM) placement.Stay {
	s := placement.Stay{VM: vmOf(r, may, v, -1), Host: v.Last().HostID, Datastore: v.Last().DSID, Fixed: !movable(v)}
	s.Uses[placement.CPU], s.Uses[placement.Memory] = float64(s.CPU), float64(s.MemoryKiB)
	if sample, ok := vm.Samples.Get(r, store.ID(v.ID)); ok && v.LCM == one.LCMRunning {
		s.Uses[placement.CPUUsage] = sample.CPUPercent
		s.Uses[placement.Disk] = sample.DiskRdBytesBW + sample.DiskWrBytesBW
		s.Uses[placement.Net] = sample.NetRxBW + sample.NetTxBW
	}
	return s
}

// blockedAttr is the attribute by which owners exclude a VM from plans.
const blockedAttr = "ONEDRS_BLOCKED"

// movable reports whether a plan may move a VM.
func movable(v *vm.VM) bool {
	switch {
	case v.LCM != one.LCMRunning && v.State != one.VMPoweroff:
		return false
	case v.Lock != nil, strings.EqualFold(v.User.Get(blockedAttr), "YES"):
		return false
	}
	wish := vm.NUMAWish(v)
	return len(v.PCIs()) == 0 && wish.Nothing()
}

// closedHosts reports whether no host of a layout accepts VMs.
func closedHosts(l placement.Layout) bool {
	for _, h := range l.Hosts {
		if h.Closed == "" {
			return false
		}
	}
	return true
}

func decimal(n int) string { return strconv.Itoa(n) }
