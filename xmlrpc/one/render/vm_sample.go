package render

import (
	"maps"
	"slices"

	"github.com/renkei-vpe/renkei/pkg/vm"
)

// VMSample writes a sample of a VM for MONITORING_DATA.
func VMSample(w *Writer, s *vm.Sample) {
	w.Open("MONITORING")
	w.vmSample(s, false)
	w.Close("MONITORING")
}

// vmSample writes the content of MONITORING, sorted by name; rates are only in VMs, according
// to the schema.
func (w *Writer) vmSample(s *vm.Sample, rates bool) {
	rate := func(tag string, perSecond float64) {
		if rates {
			w.cdataDecimal(tag, perSecond)
		}
	}
	w.cdataDecimal("CPU", s.CPUPercent)
	w.cdataInt("DISKRDBYTES", s.DiskRdBytes)
	rate("DISKRDBYTES_BW", s.DiskRdBytesBW)
	w.cdataInt("DISKRDIOPS", s.DiskRdOps)
	rate("DISKRDIOPS_BW", s.DiskRdOpsBW)
	w.cdataInt("DISKWRBYTES", s.DiskWrBytes)
	rate("DISKWRBYTES_BW", s.DiskWrBytesBW)
	w.cdataInt("DISKWRIOPS", s.DiskWrOps)
	rate("DISKWRIOPS_BW", s.DiskWrOpsBW)
	for _, id := range slices.Sorted(maps.Keys(s.DiskSizesMiB)) {
		w.Open("DISK_SIZE")
		w.cdataInt("ID", int64(id))
		w.cdataInt("SIZE", s.DiskSizesMiB[id])
		w.Close("DISK_SIZE")
	}
	w.cdataInt("ID", int64(s.VMID))
	w.cdataInt("MEMORY", s.MemoryKiB)
	w.cdataInt("NETRX", s.NetRxBytes)
	rate("NETRX_BW", s.NetRxBW)
	w.cdataInt("NETTX", s.NetTxBytes)
	rate("NETTX_BW", s.NetTxBW)
	w.cdataInt("TIMESTAMP", s.Timestamp)
}

// vmSampleShort is MONITORING in the short pool.
func (w *Writer) vmSampleShort(s *vm.Sample) {
	if s == nil {
		w.Empty("MONITORING")
		return
	}
	w.Open("MONITORING")
	w.cdataDecimal("CPU", s.CPUPercent)
	w.cdataInt("MEMORY", s.MemoryKiB)
	w.CDATA("STATE", s.State)
	w.Close("MONITORING")
}
