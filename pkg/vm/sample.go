package vm

import (
	"maps"

	"github.com/renkei-vpe/renkei/pkg/store"
)

// Sample is what monitoring measured of a VM at one time. Counters count from
// the start of the domain.
type Sample struct {
	VMID        int
	Timestamp   int64 // seconds since 1970
	State       string
	CPUPercent  float64 // of one CPU
	MemoryKiB   int64
	NetRxBytes  int64
	NetTxBytes  int64
	DiskRdBytes int64
	DiskWrBytes int64
	DiskRdOps   int64
	DiskWrOps   int64
	// What has come per second since the sample before.
	NetRxBW, NetTxBW, DiskRdBytesBW, DiskWrBytesBW, DiskRdOpsBW, DiskWrOpsBW float64
	DiskSizesMiB                                                             map[int]int64 // by DISK_ID
}

// Clone implements store.Cloner.
func (s *Sample) Clone() *Sample {
	c := *s
	c.DiskSizesMiB = maps.Clone(s.DiskSizesMiB)
	return &c
}

// Samples holds the last sample of each VM, in memory.
var Samples = store.NewVolatile[Sample]("vm_sample")

// PutSample keeps the last sample of a VM and has the VM shown anew.
func PutSample(tx *store.Tx, s Sample) {
	key := store.ID(s.VMID)
	if _, there := Kind.Table.Get(tx, key); !there {
		return
	}
	Samples.Put(tx, key, &s)
	Kind.Table.Touch(tx, key)
}
