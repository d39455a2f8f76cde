package host

import (
	"strconv"
	"time"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/numa"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Sample is the last monitoring data of a host. It is kept in memory only.
type Sample struct {
	Time                         int64 // seconds since 1970
	UsedCPU, FreeCPU             int   // 100 per CPU
	UsedMemoryKiB, FreeMemoryKiB int64
	NetRxBytes, NetTxBytes       int64
	Nodes                        []numa.Load
}

// Clone implements store.Cloner.
func (s *Sample) Clone() *Sample { c := *s; return &c }

// Samples holds the last sample of each host.
var Samples = store.NewVolatile[Sample]("host_sample")

// Seen records what monitoring reported: the host is MONITORED, with these capacities. It
// writes the host only if something has changed.
func Seen(tx *store.Tx, id int, rep drivers.HostReport) {
	h, err := Kind.Edit(tx, id)
	if err != nil || h.State == one.HostOffline {
		return
	}
	Samples.Put(tx, store.ID(id), sampleOf(tx.Now, rep))
	before := *h
	old := h.Template.Clone()
	describe(h, rep)
	h.seePCI(rep.PCI)
	h.NUMA.See(rep.NUMA)
	h.partition()
	reserve(tx, h)
	if h.State != one.HostDisabled {
		h.State = one.HostMonitored
	}
	if h.State == before.State && h.Share == before.Share && samePCI(h.PCIs, before.PCIs) && h.NUMA.Equal(&before.NUMA) && h.Template.Equal(old) {
		Kind.Table.Touch(tx, store.ID(id))
		return
	}
	Kind.Put(tx, h)
}

func sampleOf(now time.Time, rep drivers.HostReport) *Sample {
	return &Sample{
		Time:    now.Unix(),
		UsedCPU: rep.UsedCPU, FreeCPU: rep.TotalCPU - rep.UsedCPU,
		UsedMemoryKiB: rep.UsedMemoryKiB, FreeMemoryKiB: rep.TotalMemoryKiB - rep.UsedMemoryKiB,
		NetRxBytes: rep.NetRxBytes, NetTxBytes: rep.NetTxBytes, Nodes: rep.NUMALoad,
	}
}

// describe writes the data that rarely changes (models, devices, versions) into the host.
func describe(h *Host, rep drivers.HostReport) {
	h.Template.Del("ERROR")
	for _, a := range [...][2]string{
		{"ARCH", rep.Arch}, {"HOSTNAME", rep.HostName}, {"HYPERVISOR", rep.Hypervisor}, {"MODELNAME", rep.ModelName},
		{"CPUSPEED", strconv.Itoa(rep.CPUMHz)}, {"TOTALCPU", strconv.Itoa(rep.TotalCPU)},
		{"TOTALMEMORY", strconv.FormatInt(rep.TotalMemoryKiB, 10)},
	} {
		h.Template.Set(a[0], a[1])
	}
	for name, value := range rep.Extra {
		h.Template.Set(name, value)
	}
	s := &h.Share
	s.MaxDiskMiB, s.FreeDiskMiB, s.UsedDiskMiB = rep.DatastoresMiB.TotalMiB, rep.DatastoresMiB.FreeMiB, rep.DatastoresMiB.UsedMiB
	s.TotalCPU, s.TotalMemKiB = rep.TotalCPU, rep.TotalMemoryKiB
}

// Lost puts a host that does not answer into ERROR, with a message. The caller sees to its VMs.
func Lost(tx *store.Tx, id int, why string) {
	h, err := Kind.Edit(tx, id)
	if err != nil || h.State == one.HostOffline || h.State == one.HostDisabled || h.State == one.HostError {
		return
	}
	h.State = one.HostError
	h.Template.Set("ERROR", tx.Now.Format(time.ANSIC)+" : Error monitoring Host "+h.Name+" ("+strconv.Itoa(id)+"): "+why)
	Kind.Put(tx, h)
}

func text(id int) string { return strconv.Itoa(id) }
