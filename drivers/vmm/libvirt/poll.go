package libvirt

import (
	"context"
	"fmt"
	"path"
	"time"

	lv "libvirt.org/go/libvirt"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/vmm/libvirt/domxml"
)

const pollStats = lv.DOMAIN_STATS_STATE | lv.DOMAIN_STATS_CPU_TOTAL | lv.DOMAIN_STATS_BALLOON |
	lv.DOMAIN_STATS_INTERFACE | lv.DOMAIN_STATS_BLOCK

// Poll asks for all domains in one call. Domains that are busy with a job report less, but do
// not block it.
func (h *hypervisor) Poll(ctx context.Context) ([]drivers.Domain, error) {
	ds, err := call(ctx, h, watching, func(c *lv.Connect) ([]drivers.Domain, error) {
		stats, err := c.GetAllDomainStats(nil, pollStats, lv.CONNECT_GET_ALL_DOMAINS_STATS_NOWAIT)
		if is(err, lv.ERR_INVALID_ARG, lv.ERR_NO_SUPPORT) {
			stats, err = c.GetAllDomainStats(nil, lv.DOMAIN_STATS_STATE, 0)
		}
		if err != nil {
			return nil, err
		}
		return domainsOf(stats)
	})
	if err != nil {
		return nil, fmt.Errorf("polling host %s: %w", h.host.Name, err)
	}
	h.percentages(ds)
	return ds, nil
}

func domainsOf(stats []lv.DomainStats) (ds []drivers.Domain, err error) {
	for i := range stats {
		name, nameErr := stats[i].Domain.GetName()
		if nameErr != nil {
			err = nameErr
		}
		ds = append(ds, domainOf(name, &stats[i]))
		free(stats[i].Domain)
	}
	return ds, err
}

// domainOf sets CPUPercent to the CPU time in nanoseconds, for percentages to replace.
func domainOf(name string, s *lv.DomainStats) drivers.Domain {
	d := drivers.Domain{VMID: domxml.VMID(name), DeployID: name}
	if s.State != nil {
		d.State = stateOf(s.State.State, s.State.Reason)
	}
	if s.Cpu != nil {
		d.CPUPercent = float64(s.Cpu.Time)
	}
	if b := s.Balloon; b != nil {
		d.MemoryKiB = int64(b.Current)
		if b.RssSet { // memory on the host, as oned reports it
			d.MemoryKiB = int64(b.Rss)
		}
	}
	for _, n := range s.Net {
		d.NetRxBytes += int64(n.RxBytes)
		d.NetTxBytes += int64(n.TxBytes)
	}
	for _, b := range s.Block {
		addBlock(&d, b)
	}
	return d
}

func addBlock(d *drivers.Domain, b lv.DomainStatsBlock) {
	d.DiskRdBytes += int64(b.RdBytes)
	d.DiskWrBytes += int64(b.WrBytes)
	d.DiskRdOps += int64(b.RdReqs)
	d.DiskWrOps += int64(b.WrReqs)
	var id int
	if n, _ := fmt.Sscanf(path.Base(b.Path), "disk.%d", &id); n != 1 || !b.PhysicalSet {
		return
	}
	if d.DiskSizesMiB == nil {
		d.DiskSizesMiB = make(map[int]int64)
	}
	const mib = 1 << 20
	d.DiskSizesMiB[id] = int64((b.Physical + mib - 1) / mib)
}

// stateOf translates libvirt's state and reason.
func stateOf(state lv.DomainState, reason int) drivers.DomainState {
	switch state {
	case lv.DOMAIN_RUNNING, lv.DOMAIN_BLOCKED, lv.DOMAIN_SHUTDOWN: // the last is powering off
		return drivers.DomainRunning
	case lv.DOMAIN_PAUSED:
		switch lv.DomainPausedReason(reason) {
		case lv.DOMAIN_PAUSED_MIGRATION, lv.DOMAIN_PAUSED_STARTING_UP, lv.DOMAIN_PAUSED_SAVE, lv.DOMAIN_PAUSED_SNAPSHOT:
			return drivers.DomainMigrating // because we migrate it
		}
		return drivers.DomainPaused
	case lv.DOMAIN_PMSUSPENDED:
		return drivers.DomainPaused
	case lv.DOMAIN_SHUTOFF:
		switch lv.DomainShutoffReason(reason) {
		case lv.DOMAIN_SHUTOFF_CRASHED, lv.DOMAIN_SHUTOFF_FAILED:
			return drivers.DomainFailed
		}
		return drivers.DomainOff
	case lv.DOMAIN_CRASHED:
		return drivers.DomainFailed
	}
	return drivers.DomainUnknown
}

type sampleKey struct{ host, domain string }

// sample is the CPU time of a domain at a time.
type sample struct {
	nanos float64
	at    time.Time
}

// percentages converts CPU times to the load since the last Poll; 0 at the first one, and for
// domains that were restarted since.
func (h *hypervisor) percentages(ds []drivers.Domain) {
	now, d := h.driver.settings.Now(), h.driver
	d.mu.Lock()
	defer d.mu.Unlock()
	fresh := make(map[sampleKey]sample, len(ds))
	for i := range ds {
		key, nanos := sampleKey{h.host.Name, ds[i].DeployID}, ds[i].CPUPercent
		fresh[key] = sample{nanos, now}
		ds[i].CPUPercent = 0
		if last, ok := d.samples[key]; ok && now.After(last.at) {
			ds[i].CPUPercent = max(0, 100*(nanos-last.nanos)/float64(now.Sub(last.at)))
		}
	}
	for key := range d.samples {
		if key.host == h.host.Name {
			delete(d.samples, key)
		}
	}
	for key, s := range fresh {
		d.samples[key] = s
	}
}
