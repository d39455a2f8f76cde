package vm

import (
	"maps"

	"github.com/renkei-vpe/renkei/pkg/store"
)

// Sample is one monitoring sample of a VM. Counters start at 0 when the domain starts.
type Sample struct {
	VMID        int
	Timestamp   int64 // Unix time
	State       string
	CPUPercent  float64 // of one CPU
	MemoryKiB   int64
	NetRxBytes  int64
	NetTxBytes  int64
	DiskRdBytes int64
	DiskWrBytes int64
	DiskRdOps   int64
	DiskWrOps   int64
	// Rates per second since the previous sample.
	NetRxBW, NetTxBW, DiskRdBytesBW, DiskWrBytesBW, DiskRdOpsBW, DiskWrOpsBW float64
	DiskSizesMiB                                                             map[int]int64 // by DISK_ID
}

// Clone implements store.Cloner.
func (s *Sample) Clone() *Sample {
	c := *s
	c.DiskSizesMiB = maps.Clone(s.DiskSizesMiB)
	return &c
}

// Samples is the table of the last sample of each VM, in memory only.
var Samples = store.NewVolatile[Sample]("vm_sample")

// PutSample stores the last sample of a VM and has the VM rendered again.
func PutSample(tx *store.Tx, s Sample) {
	key := store.ID(s.VMID)
	if _, there := Kind.Table.Get(tx, key); !there {
		return
	}
	Samples.Put(tx, key, &s)
	Kind.Table.Touch(tx, key)
}
