package dummy

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/renkei-vpe/renkei/drivers"
)

// Poll reports the domains of the host.
func (h *hypervisor) Poll(ctx context.Context) (report []drivers.Domain, err error) {
	err = h.act(ctx, "poll", func(w world) error {
		ds, err := w.domains(h.host)
		slices.SortFunc(ds, func(a, b *domain) int { return cmp.Compare(a.VMID, b.VMID) })
		now := h.driver.settings.Now()
		for _, d := range ds {
			report = append(report, d.report(now))
		}
		return err
	})
	return report, err
}

// report makes up counters that grow with the age of the domain, and a load that varies with
// it. They only depend on the domain and the time.
func (d *domain) report(now time.Time) drivers.Domain {
	r := drivers.Domain{VMID: d.VMID, DeployID: d.DeployID, State: d.State, DiskSizesMiB: maps.Clone(d.DiskMiB)}
	if !d.on() {
		return r
	}
	age := max(0, int64(now.Sub(d.Started)/time.Second))
	r.CPUPercent = d.CPU * float64(5+wander(d.VMID, age)*95/100)
	r.MemoryKiB = d.MemoryKiB * (20 + wander(d.VMID+1, age)*80/100) / 100
	r.NetRxBytes, r.NetTxBytes = age*200, age*100
	r.DiskRdBytes, r.DiskWrBytes = age*4096, age*1024
	r.DiskRdOps, r.DiskWrOps = age*4, age
	return r
}

// wander answers a pseudo-random percentage that changes every ten seconds.
func wander(seed int, age int64) int64 {
	x := (uint64(seed)<<32 ^ uint64(age/10)) * 0x9E3779B97F4A7C15
	return int64((x >> 33) % 101)
}

// Monitor answers what OpenNebula's dummy hosts report.
func (h *hypervisor) Monitor(ctx context.Context) (r drivers.HostReport, err error) {
	err = h.act(ctx, "monitor", func(w world) error {
		facts, err := w.facts(h.host)
		if facts.PCI == nil {
			facts.PCI = devices(h.driver.settings.PCI)
		}
		r = hostReport(h.host, facts)
		r.NUMA = h.driver.settings.NUMA.of(r.TotalMemoryKiB)
		r.NUMALoad = loadOf(r.NUMA, r.UsedMemoryKiB)
		return err
	})
	return r, err
}

// devices makes up the PCI devices of a host, each in its own slot.
func devices(kinds []string) (list []drivers.PCIDevice) {
	for n, kind := range kinds {
		part := append(strings.Split(kind, ":"), "", "")
		list = append(list, drivers.PCIDevice{
			Address: fmt.Sprintf("0000:%02x:00:0", n+1), Vendor: part[0], Device: part[1], Class: part[2],
			VendorName: "Dummy vendor " + part[0], DeviceName: "Dummy device " + part[1], ClassName: "Dummy class " + part[2], NUMANode: -1,
		})
	}
	return list
}

func hostReport(host string, facts Facts) drivers.HostReport {
	r := drivers.HostReport{
		Hypervisor: "dummy",
		Arch:       "x86_64",
		ModelName:  "Dummy(R) Core @ 3.2GHz",
		CPUMHz:     3200,
		HostName:   host,

		TotalCPU:       800,
		UsedCPU:        50,
		TotalMemoryKiB: 16 << 20,
		UsedMemoryKiB:  1 << 20,
		NetTxBytes:     1000,
		NetRxBytes:     2000,
		DatastoresMiB:  drivers.Usage{TotalMiB: 20480, UsedMiB: 9720, FreeMiB: 20480},
	}
	if facts.TotalCPU > 0 {
		r.TotalCPU = facts.TotalCPU
	}
	if facts.TotalMemoryKiB > 0 {
		r.TotalMemoryKiB = facts.TotalMemoryKiB
	}
	r.PCI = facts.PCI
	return r
}
