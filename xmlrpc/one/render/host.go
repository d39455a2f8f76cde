package render

import (
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/numa"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// Host writes a host, with its last sample.
func Host(w *Writer, r store.Reader, h *host.Host) {
	w.Open("HOST")
	w.host(r, h)
	if s, ok := host.Samples.Get(r, store.ID(h.ID)); ok {
		HostSample(w, h.ID, s)
	} else {
		w.Empty("MONITORING")
	}
	w.Close("HOST")
}

// PoolHost writes a host as the pool lists it. As in oned it has no measurements; these are
// in one.hostpool.monitoring.
func PoolHost(w *Writer, r store.Reader, h *host.Host) {
	w.Open("HOST")
	w.host(r, h)
	w.Empty("MONITORING")
	w.Close("HOST")
}

func (w *Writer) host(r store.Reader, h *host.Host) {
	w.Int("ID", int64(h.ID))
	w.Text("NAME", h.Name)
	w.Int("STATE", int64(h.State))
	w.Int("PREV_STATE", int64(h.State))
	w.CDATA("IM_MAD", h.IMMad)
	w.CDATA("VM_MAD", h.VMMad)
	w.Int("CLUSTER_ID", int64(h.ClusterID))
	w.Text("CLUSTER", clusterName(r, h.ClusterID))
	w.hostShare(h)
	w.IDs("VMS", idsOf(vm.ByHost, r, strconv.Itoa(h.ID)))
	w.Template("TEMPLATE", h.Template)
}

func (w *Writer) hostShare(h *host.Host) {
	s := &h.Share
	w.Open("HOST_SHARE")
	w.Int("MEM_USAGE", s.MemUsageKiB)
	w.Int("CPU_USAGE", int64(s.CPUUsage))
	w.Int("TOTAL_MEM", s.TotalMemKiB)
	w.Int("TOTAL_CPU", int64(s.TotalCPU))
	w.Int("MAX_MEM", s.MaxMemKiB)
	w.Int("MAX_CPU", int64(s.MaxCPU))
	w.Int("RUNNING_VMS", int64(s.RunningVMs))
	w.Int("VMS_THREAD", int64(max(h.NUMA.PerThread, 1)))
	w.Open("DATASTORES")
	w.cdataInt("DISK_USAGE", s.DiskUsageMiB)
	w.cdataInt("FREE_DISK", s.FreeDiskMiB)
	w.cdataInt("MAX_DISK", s.MaxDiskMiB)
	w.cdataInt("USED_DISK", s.UsedDiskMiB)
	w.Close("DATASTORES")
	w.pciDevices(h.PCIs)
	w.numaNodes(&h.NUMA)
	w.Close("HOST_SHARE")
}

func (w *Writer) pciDevices(list []host.PCI) {
	w.Open("PCI_DEVICES")
	for i := range list {
		v := list[i].Attrs.Clone()
		v.Set("VMID", strconv.Itoa(list[i].VM))
		*w = v.AppendXML(*w)
	}
	w.Close("PCI_DEVICES")
}

func (w *Writer) numaNodes(t *numa.Topology) {
	w.Open("NUMA_NODES")
	use := t.Use()
	for i := range t.Nodes {
		w.Template("NODE", host.NodeAttrs(&t.Nodes[i], use))
	}
	w.Close("NUMA_NODES")
}

// HostSample writes one sample of a host: in the host itself, and in MONITORING_DATA.
func HostSample(w *Writer, id int, s *host.Sample) {
	w.Open("MONITORING")
	w.Int("TIMESTAMP", s.Time)
	w.Int("ID", int64(id))
	w.Open("CAPACITY")
	w.cdataInt("FREE_CPU", int64(s.FreeCPU))
	w.cdataInt("FREE_MEMORY", s.FreeMemoryKiB)
	w.cdataInt("USED_CPU", int64(s.UsedCPU))
	w.cdataInt("USED_MEMORY", s.UsedMemoryKiB)
	w.Close("CAPACITY")
	w.Open("SYSTEM")
	w.cdataInt("NETRX", s.NetRxBytes)
	w.cdataInt("NETTX", s.NetTxBytes)
	w.Close("SYSTEM")
	for i := range s.Nodes {
		w.nodeLoad(&s.Nodes[i])
	}
	w.Close("MONITORING")
}

// nodeLoad writes how much of a NUMA node is in use.
func (w *Writer) nodeLoad(n *numa.Load) {
	w.Open("NUMA_NODE")
	for _, p := range n.Pages {
		w.Open("HUGEPAGE")
		w.cdataInt("FREE", p.Free)
		w.cdataInt("SIZE", p.SizeKiB)
		w.Close("HUGEPAGE")
	}
	w.Open("MEMORY")
	w.cdataInt("FREE", n.FreeKiB)
	w.cdataInt("USED", n.UsedKiB)
	w.Close("MEMORY")
	w.cdataInt("NODE_ID", int64(n.NodeID))
	w.Close("NUMA_NODE")
}
