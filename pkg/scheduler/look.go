package scheduler

import (
	"cmp"
	"slices"

	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/placement"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// look describes the situation for package placement. It is empty if no VM waits.
func look(r store.Reader, policy placement.Policy) placement.Situation {
	s := placement.Situation{VMs: waiting(r), Policy: policy}
	if len(s.VMs) == 0 {
		return s
	}
	if waitsForNetwork(s.VMs) {
		s.Networks = networks(r)
	}
	roles := occupied(r, s.VMs)
	for row := range host.Kind.Table.All(r) {
		h := seatOf(r, row.Val)
		h.Roles = roles[h.ID]
		s.Hosts = append(s.Hosts, h)
	}
	for row := range datastore.Kind.Table.All(r) {
		if row.Val.Type == one.DatastoreSystem {
			s.Datastores = append(s.Datastores, storeOf(r, row.Val))
		}
	}
	return s
}

// waiting lists the VMs to be placed, the oldest first.
func waiting(r store.Reader) []placement.VM {
	var list []placement.VM
	may := &accesses{r: r, known: map[int]*placement.Access{}}
	for row := range vm.ByState.Find(r, decimal(int(one.VMPending))) {
		list = append(list, vmOf(r, may, row.Val, -1))
	}
	for row := range vm.ByResched.Find(r, vm.ToMove) {
		if v := row.Val; waits(v) && v.State != one.VMPending {
			list = append(list, vmOf(r, may, v, v.Last().HostID))
		}
	}
	return list
}

func vmOf(r store.Reader, may *accesses, v *vm.VM, notOn int) placement.VM {
	c := vm.Capacity(v)
	asks := wishes(v)
	asks.Access = may.of(v)
	return placement.VM{
		ID: v.ID, CPU: c.CPU, MemoryKiB: c.MemoryKiB, DiskMiB: vm.Usage(r, v).SystemDiskMB, NotOn: notOn,
		NICs: autoNICs(v), Devices: wantedDevices(v), NUMA: vm.NUMAWish(v), Asks: asks,
		Bonds: bonds(r, v),
	}
}

func waitsForNetwork(vms []placement.VM) bool {
	return slices.ContainsFunc(vms, func(v placement.VM) bool { return len(v.NICs) > 0 })
}

func wishes(v *vm.VM) placement.Wishes {
	return placement.Wishes{
		Requirements:            v.User.Get("SCHED_REQUIREMENTS"),
		AutomaticRequirements:   v.Template.Get("AUTOMATIC_REQUIREMENTS"),
		DSRequirements:          v.User.Get("SCHED_DS_REQUIREMENTS"),
		AutomaticDSRequirements: v.Template.Get("AUTOMATIC_DS_REQUIREMENTS"),
		Rank:                    cmp.Or(v.User.Get("SCHED_RANK"), v.User.Get("RANK")),
		DSRank:                  v.User.Get("SCHED_DS_RANK"),
	}
}

func seatOf(r store.Reader, h *host.Host) placement.Host {
	return placement.Host{
		ID: h.ID, ClusterID: h.ClusterID, Name: h.Name, Closed: closed(h), Attrs: hostAttrs{r, h},
		FreeCPU: h.Share.MaxCPU - h.Share.CPUUsage, FreeMemoryKiB: h.Share.MaxMemKiB - h.Share.MemUsageKiB,
		RunningVMs: h.Share.RunningVMs, Devices: freeDevices(h), NUMA: h.NUMA,
	}
}

// closed is the reason why a host accepts no VMs, or "".
func closed(h *host.Host) string {
	switch h.State {
	case one.HostMonitored:
		return ""
	case one.HostInit:
		return "not monitored yet"
	case one.HostError:
		return "in error: " + h.Template.Get("ERROR")
	}
	return h.State.String()
}

func storeOf(r store.Reader, d *datastore.Datastore) placement.Datastore {
	s := placement.Datastore{
		ID: d.ID, Name: d.Name, Clusters: d.Clusters, Attrs: storeAttrs{d}, FreeMiB: d.FreeMB,
		// Before the first monitoring, its free space is unknown.
		Checked: d.TotalMB > 0,
	}
	if d.State != one.DatastoreReady {
		s.Closed = "disabled"
	}
	return s
}
