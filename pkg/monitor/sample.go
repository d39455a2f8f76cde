package monitor

import (
	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// sampleOf makes a sample of a VM, with rates per second since the previous sample.
func sampleOf(tx *store.Tx, d drivers.Domain) vm.Sample {
	s := vm.Sample{
		VMID: d.VMID, Timestamp: tx.Now.Unix(), State: "RUNNING",
		CPUPercent: d.CPUPercent, MemoryKiB: d.MemoryKiB,
		NetRxBytes: d.NetRxBytes, NetTxBytes: d.NetTxBytes,
		DiskRdBytes: d.DiskRdBytes, DiskWrBytes: d.DiskWrBytes,
		DiskRdOps: d.DiskRdOps, DiskWrOps: d.DiskWrOps,
		DiskSizesMiB: d.DiskSizesMiB,
	}
	last, ok := vm.Samples.Get(tx, store.ID(d.VMID))
	if !ok {
		return s
	}
	rate := func(now, before int64) float64 { return perSecond(now-before, s.Timestamp-last.Timestamp) }
	s.NetRxBW, s.NetTxBW = rate(s.NetRxBytes, last.NetRxBytes), rate(s.NetTxBytes, last.NetTxBytes)
	s.DiskRdBytesBW, s.DiskWrBytesBW = rate(s.DiskRdBytes, last.DiskRdBytes), rate(s.DiskWrBytes, last.DiskWrBytes)
	s.DiskRdOpsBW, s.DiskWrOpsBW = rate(s.DiskRdOps, last.DiskRdOps), rate(s.DiskWrOps, last.DiskWrOps)
	return s
}

// perSecond is 0 if the counter has been reset by a restart of the domain.
func perSecond(more, seconds int64) float64 {
	if more < 0 || seconds <= 0 {
		return 0
	}
	return float64(more) / float64(seconds)
}
