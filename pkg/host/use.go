package host

import "github.com/renkei-vpe/renkei/pkg/store"

// Use is the usage of a host, in the terms of OpenNebula before 3.0: USEDCPU, FREECPU,
// USEDMEMORY, FREEMEMORY.
type Use struct {
	UsedCPU, FreeCPU             int // 100 per CPU
	UsedMemoryKiB, FreeMemoryKiB int64
}

// probesOfPromises is the information driver of RENKEI-VPE. It reports as used what is
// allocated to VMs, because what they happen to use now does not tell whether another VM fits.
const probesOfPromises = "im_rvpe"

// Use returns the usage of the host; ok is false if it has not been monitored yet.
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
