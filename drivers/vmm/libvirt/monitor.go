package libvirt

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	lv "libvirt.org/go/libvirt"

	"github.com/renkei-vpe/renkei/drivers"
)

// Monitor asks libvirt about the host, and runs commands on the host for what libvirt does not
// know or reports wrongly. Without commands it only reports what libvirt knows.
func (h *hypervisor) Monitor(ctx context.Context) (drivers.HostReport, error) {
	now, err := call(ctx, h, watching, look)
	if err != nil {
		return drivers.HostReport{}, fmt.Errorf("monitoring host %s: %w", h.host.Name, err)
	}
	r := now.report
	r.Hypervisor = h.builder(ctx).Type
	if out, err := h.run(ctx, "cat", "/proc/meminfo", "/proc/net/dev", "/proc/cpuinfo"); err == nil {
		readProc(string(out), &r)
	} else {
		h.silent(err)
	}
	if filters := h.driver.settings.PCI; len(filters) > 0 {
		if out, err := h.run(ctx, "sh", "-c", listPCI); err == nil {
			r.PCI = readPCI(string(out), filters)
		} else {
			h.silent(err)
		}
	}
	if dir := h.driver.settings.DatastoresDir; dir != "" {
		if out, err := h.run(ctx, "df", "-B1M", "--output=size,used,avail", dir); err == nil {
			r.DatastoresMiB = readDF(string(out))
		} else {
			h.silent(err)
		}
	}
	r.UsedCPU = h.load(now.cpu, r.TotalCPU)
	return r, ctx.Err()
}

// silent logs what a host did not report. It is no failure, as libvirt answered.
func (h *hypervisor) silent(err error) {
	h.driver.settings.Log.Debug().Str("host", h.host.Name).Err(err).Msg("the host reports less")
}

// view is what libvirt knows about a host.
type view struct {
	report drivers.HostReport
	cpu    cpuTime
}

// cpuTime is the CPU time of a host, in nanoseconds.
type cpuTime struct{ busy, total uint64 }

func look(c *lv.Connect) (v view, err error) {
	info, err := c.GetNodeInfo()
	if err != nil {
		return v, err
	}
	name, err := c.GetHostname()
	if err != nil {
		return v, err
	}
	v.report = drivers.HostReport{
		Arch: info.Model, HostName: name, CPUMHz: int(info.MHz),
		TotalCPU: int(info.Cpus) * 100, TotalMemoryKiB: int64(info.Memory),
	}
	// More precise than nodeinfo, if this libvirt supports it.
	if m, err := c.GetMemoryStats(lv.NODE_MEMORY_STATS_ALL_CELLS, 0); err == nil && m.TotalSet {
		v.report.TotalMemoryKiB = int64(m.Total)
		v.report.UsedMemoryKiB = int64(m.Total - min(m.Total, m.Free+m.Buffers+m.Cached))
	}
	if text, err := c.GetCapabilities(); err == nil {
		if nodes, err := readNodes(text); err == nil {
			v.report.NUMA, v.report.NUMALoad = nodes, loadOf(c, nodes)
		}
	}
	if s, err := c.GetCPUStats(int(lv.NODE_CPU_STATS_ALL_CPUS), 0); err == nil {
		v.cpu.busy = s.Kernel + s.User + s.Intr
		v.cpu.total = v.cpu.busy + s.Idle + s.Iowait
	}
	return v, nil
}

// load answers the CPU usage since the last Monitor; at the first, since the host has booted.
func (h *hypervisor) load(now cpuTime, totalCPU int) int {
	h.driver.mu.Lock()
	defer h.driver.mu.Unlock()
	last := h.driver.hostCPU[h.host.Name]
	h.driver.hostCPU[h.host.Name] = now
	if now.total <= last.total || now.busy < last.busy { // unchanged, or the host has rebooted
		last = cpuTime{}
	}
	if now.total == 0 {
		return 0
	}
	return min(totalCPU, int(float64(totalCPU)*float64(now.busy-last.busy)/float64(now.total-last.total)))
}

// readProc parses /proc/meminfo, /proc/net/dev and /proc/cpuinfo, in any order.
func readProc(text string, r *drivers.HostReport) {
	r.NetRxBytes, r.NetTxBytes = 0, 0
	var total, available int64
	for line := range strings.Lines(text) {
		key, value, ok := strings.Cut(line, ":")
		if !ok {
			continue
		}
		key, value = strings.TrimSpace(key), strings.TrimSpace(value)
		fields := strings.Fields(value)
		switch {
		case key == "MemTotal":
			total = number(fields, 0)
		case key == "MemAvailable":
			available = number(fields, 0)
		case key == "model name":
			r.ModelName = value
		case len(fields) == netDevFields && physical(key):
			r.NetRxBytes += number(fields, 0)
			r.NetTxBytes += number(fields, 8)
		}
	}
	if total > 0 {
		r.TotalMemoryKiB, r.UsedMemoryKiB = total, total-available
	}
}

// netDevFields is how many numbers /proc/net/dev has per interface.
const netDevFields = 16

// physical tells whether an interface is physical; the traffic of bridges and taps is counted
// there already.
func physical(name string) bool {
	for _, prefix := range []string{"lo", "one-", "vnet", "tap", "veth", "br", "virbr", "docker", "ovs", "vxlan", "dummy"} {
		if strings.HasPrefix(name, prefix) {
			return false
		}
	}
	return true
}

func number(fields []string, i int) int64 {
	if i >= len(fields) {
		return 0
	}
	n, err := strconv.ParseInt(fields[i], 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// readDF parses the last line of df: total, used and available MiB.
func readDF(text string) drivers.Usage {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	f := strings.Fields(lines[len(lines)-1])
	return drivers.Usage{TotalMiB: number(f, 0), UsedMiB: number(f, 1), FreeMiB: number(f, 2)}
}
