package one22

import (
	"slices"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/cluster"
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/xmlrpc/one/render"
)

func hostMethods() []method {
	return []method{
		{name: "one.host.allocate", class: "HostAllocate", params: texts("name", "im", "vmm", "tm"), do: change(hostAllocate)},
		infoOf(host.Kind, "one.host.info", "HostInfo", "HOST", HostInfo),
		{name: "one.host.delete", class: "HostDelete", params: ints("id"), do: change(hostDelete)},
		{name: "one.host.enable", class: "HostEnable", params: flag("enable"), do: change(hostEnable)},
		poolOf(host.Kind, "one.hostpool.info", "HostPoolInfo", "HOST_POOL", HostPool),
	}
}

func hostAllocate(tx *store.Tx, s *Server, c *call) (any, error) {
	if err := c.isOneadmin("CREATE", "HOST", pool); err != nil {
		return nil, err
	}
	var words attr.Template
	for i, name := range []string{"NAME", "IM_MAD", "VM_MAD", "TM_MAD"} {
		words.Set(name, c.Text(i+1))
	}
	mad := s.HypervisorOf(c.Text(3))
	if _, taken := host.Kind.Named(tx, c.Text(1), 0); taken {
		return nil, failed("CREATE", "HOST", unnamed, 0, " Error inserting Host in DB.")
	}
	id, err := host.Allocate(tx, host.New{Name: c.Text(1), IMMad: mad, VMMad: mad, ClusterID: cluster.None, Legacy: words})
	if err != nil {
		return nil, failed("CREATE", "HOST", unnamed, 0, because(err))
	}
	return id, nil
}

// HypervisorOf returns the driver for one of 2.2's names: vmm_kvm means kvm.
func (s *Server) HypervisorOf(mad string) string {
	if name := strings.TrimPrefix(mad, "vmm_"); slices.Contains(s.Hypervisors, name) {
		return name
	}
	return s.Hypervisor
}

func hostDelete(tx *store.Tx, _ *Server, c *call) (any, error) {
	if err := c.isOneadmin("DELETE", "HOST", c.Int(1)); err != nil {
		return nil, err
	}
	if err := knownHost(tx, c.Int(1)); err != nil {
		return nil, err
	}
	acl.ForgetObject(tx, one.KindHost, c.Int(1))
	if err := host.Delete(tx, c.Int(1)); err != nil {
		return nil, failed("DELETE", "HOST", c.Int(1), -1, because(err))
	}
	return nothing, nil
}

func knownHost(r store.Reader, id int) error {
	if _, ok := host.Kind.Table.Get(r, store.ID(id)); !ok {
		return noSuch("HOST", id)
	}
	return nil
}

func hostEnable(tx *store.Tx, _ *Server, c *call) (any, error) {
	if err := c.isOneadmin("MANAGE", "HOST", c.Int(1)); err != nil {
		return nil, err
	}
	if err := knownHost(tx, c.Int(1)); err != nil {
		return nil, err
	}
	status := host.Disable
	if c.Bool(2) {
		status = host.Enable
	}
	return nothing, host.SetStatus(tx, c.Int(1), status)
}

// In the pool the template comes before the share.
func writeHost(w *render.Writer, r store.Reader, h *host.Host) {
	hostHead(w, r, h)
	hostShare(w, r, h)
	hostTemplate(w, r, h)
	w.Close("HOST")
}

func writePoolHost(w *render.Writer, r store.Reader, h *host.Host) {
	hostHead(w, r, h)
	hostTemplate(w, r, h)
	hostShare(w, r, h)
	w.Close("HOST")
}

func hostHead(w *render.Writer, r store.Reader, h *host.Host) {
	w.Open("HOST")
	w.Int("ID", int64(h.ID))
	w.Text("NAME", h.Name)
	w.Int("STATE", int64(hostState(h.State)))
	w.Text("IM_MAD", said(h.Legacy, "IM_MAD", h.IMMad))
	w.Text("VM_MAD", said(h.Legacy, "VM_MAD", h.VMMad))
	w.Text("TM_MAD", said(h.Legacy, "TM_MAD", ""))
	last := int64(0)
	if s, ok := host.Samples.Get(r, store.ID(h.ID)); ok {
		last = s.Time
	}
	w.Int("LAST_MON_TIME", last)
	name := ""
	if cl, ok := cluster.Kind.Table.Get(r, store.ID(h.ClusterID)); ok {
		name = cl.Name
	}
	w.Text("CLUSTER", name)
}

// said is what 2.2's client wrote, or else the present value.
func said(words attr.Template, name, is string) string {
	if text, ok := words.Lookup(name); ok {
		return text
	}
	return is
}

func hostShare(w *render.Writer, r store.Reader, h *host.Host) {
	seen, _ := h.Use(r)
	s := &h.Share
	w.Open("HOST_SHARE")
	for _, line := range [...]struct {
		tag string
		n   int64
	}{
		{"HID", int64(h.ID)}, {"DISK_USAGE", s.DiskUsageMiB}, {"MEM_USAGE", s.MemUsageKiB}, {"CPU_USAGE", int64(s.CPUUsage)},
		{"MAX_DISK", s.MaxDiskMiB}, {"MAX_MEM", s.MaxMemKiB}, {"MAX_CPU", int64(s.MaxCPU)},
		{"FREE_DISK", s.FreeDiskMiB}, {"FREE_MEM", seen.FreeMemoryKiB}, {"FREE_CPU", int64(seen.FreeCPU)},
		{"USED_DISK", s.UsedDiskMiB}, {"USED_MEM", seen.UsedMemoryKiB}, {"USED_CPU", int64(seen.UsedCPU)},
		{"RUNNING_VMS", int64(s.RunningVMs)},
	} {
		w.Int(line.tag, line.n)
	}
	w.Close("HOST_SHARE")
}

// hostTemplate writes what 2.2's probes report, and nothing before the first report.
func hostTemplate(w *render.Writer, r store.Reader, h *host.Host) {
	var t attr.Template
	s, ok := host.Samples.Get(r, store.ID(h.ID))
	if u, seen := h.Use(r); ok && seen {
		t.Set("NAME", h.Name)
		for _, name := range []string{"ARCH", "CPUSPEED", "HOSTNAME", "HYPERVISOR", "MODELNAME", "TOTALCPU", "TOTALMEMORY"} {
			if value, known := h.Template.Lookup(name); known {
				t.Set(name, value)
			}
		}
		for name, n := range map[string]int64{
			"FREECPU": int64(u.FreeCPU), "USEDCPU": int64(u.UsedCPU), "FREEMEMORY": u.FreeMemoryKiB, "USEDMEMORY": u.UsedMemoryKiB,
			"NETRX": s.NetRxBytes, "NETTX": s.NetTxBytes,
		} {
			t.Set(name, decimal(n))
		}
	}
	w.Template("TEMPLATE", t)
}
