package vm

import (
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// share is the part of HOST_SHARE that follows from a host's VMs.
type share struct {
	host.Capacity
	vms int
}

// hosts recalculates the capacity in use on each host.
func (a *audit) hosts() {
	want := map[int]share{}
	for row := range Kind.Table.All(a.r) {
		for _, id := range hostsOf(row.Val) {
			s, c := want[id], Capacity(row.Val)
			s.CPU, s.MemoryKiB, s.DiskMiB, s.vms = s.CPU+c.CPU, s.MemoryKiB+c.MemoryKiB, s.DiskMiB+c.DiskMiB, s.vms+1
			want[id] = s
		}
	}
	for row := range host.Kind.Table.All(a.r) {
		id, right := row.Val.ID, want[row.Val.ID]
		if have := shareOf(row.Val); have != right {
			a.found.AddMendable(func(tx *store.Tx) { setShare(tx, id, right) },
				"host %d has %+v in use; its VMs take %+v", id, have, right)
		}
	}
}

func shareOf(h *host.Host) share {
	return share{host.Capacity{CPU: h.Share.CPUUsage, MemoryKiB: h.Share.MemUsageKiB, DiskMiB: h.Share.DiskUsageMiB}, h.Share.RunningVMs}
}

func setShare(tx *store.Tx, id int, s share) {
	h, ok := host.Kind.Table.Edit(tx, store.ID(id))
	if !ok {
		return
	}
	h.Share.CPUUsage, h.Share.MemUsageKiB, h.Share.DiskUsageMiB, h.Share.RunningVMs = s.CPU, s.MemoryKiB, s.DiskMiB, s.vms
	host.Kind.Put(tx, h)
}

// images recalculates how many VMs use each image.
func (a *audit) images() {
	want := map[int]int{}
	for row := range Kind.Table.All(a.r) {
		if row.Val.State == one.VMDone {
			continue
		}
		for _, id := range imagesOf(row.Val) {
			want[id]++
		}
	}
	for row := range image.Kind.Table.All(a.r) {
		id, have, right := row.Val.ID, row.Val.RunningVMs, want[row.Val.ID]
		if have != right {
			a.found.AddMendable(func(tx *store.Tx) { setUses(tx, id, right) },
				"image %d is used by %d VMs; %d have disks of it", id, have, right)
		}
	}
}

func setUses(tx *store.Tx, id, uses int) {
	i, ok := image.Kind.Table.Edit(tx, store.ID(id))
	if !ok {
		return
	}
	i.RunningVMs = uses
	image.Kind.Put(tx, i)
}
