package host

import "github.com/renkei-vpe/renkei/pkg/store"

// Use is how much of a host is used, and how much free, by the words that OpenNebula
// had for it before 3.0: USEDCPU, FREECPU, USEDMEMORY, FREEMEMORY.
type Use struct {
	UsedCPU, FreeCPU             int // 100 per CPU
	UsedMemoryKiB, FreeMemoryKiB int64
}

// probesOfPromises are those of RENKEI-VPE. They tell what VMs were promised: how much
// those use by now says nothing of whether another has room.
const probesOfPromises = "im_rvpe"

// Use is false for a host that was not looked at yet.
func (h *Host) Use(r store.Reader) (Use, bool) {
	s, ok := Samples.Get(r, store.ID(h.ID))
	switch {
	case !ok:
		return Use{}, false
	case h.Legacy.Get("IM_MAD") == probesOfPromises:
		return Use{
			UsedCPU: h.Share.CPUUsage, FreeCPU: h.Share.MaxCPU - h.Share.CPUUsage,
			UsedMemoryKiB: h.Share.MemUsageKiB, FreeMemoryKiB: h.Share.MaxMemKiB - h.Share.MemUsageKiB,
		}, true
	default:
		return Use{UsedCPU: s.UsedCPU, FreeCPU: s.FreeCPU, UsedMemoryKiB: s.UsedMemoryKiB, FreeMemoryKiB: s.FreeMemoryKiB}, true
	}
}
