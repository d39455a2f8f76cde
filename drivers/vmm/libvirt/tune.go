package libvirt

import (
	"context"
	"fmt"

	lv "libvirt.org/go/libvirt"
	"libvirt.org/go/libvirtxml"

	"github.com/renkei-vpe/renkei/drivers"
)

// TuneNIC sets the bandwidth limits of a NIC of the running vm to those in its template. If
// they are set already nothing is done, as not all types of interfaces support limits.
func (h *hypervisor) TuneNIC(ctx context.Context, vm drivers.VM, nicID int) error {
	nic, at, err := h.nic(ctx, vm, nicID)
	if err != nil {
		return err
	}
	return h.alter(ctx, vm, "changing the bandwidth of a NIC of", func(_ *lv.Connect, dom *lv.Domain) error {
		d, err := lookAt(dom, at)
		if err != nil {
			return err
		}
		live, there := d.(*libvirtxml.DomainInterface)
		if !there {
			return fmt.Errorf("it has no NIC with the MAC %s", nic.MAC.Address)
		}
		is, want := limits(live.Bandwidth), limits(nic.Bandwidth)
		if *is == *want {
			return nil
		}
		return dom.SetInterfaceParameters(nic.MAC.Address, want, lv.DOMAIN_AFFECT_LIVE)
	})
}

// limits converts a bandwidth to libvirt's parameters; an average of 0 removes a limit.
func limits(b *libvirtxml.DomainInterfaceBandwidth) *lv.DomainInterfaceParameters {
	p := &lv.DomainInterfaceParameters{BandwidthInAverageSet: true, BandwidthOutAverageSet: true}
	set := func(from *int, to *uint, is *bool) {
		if from != nil {
			*to, *is = uint(*from), true
		}
	}
	if b != nil && b.Inbound != nil {
		set(b.Inbound.Average, &p.BandwidthInAverage, &p.BandwidthInAverageSet)
		set(b.Inbound.Peak, &p.BandwidthInPeak, &p.BandwidthInPeakSet)
		set(b.Inbound.Burst, &p.BandwidthInBurst, &p.BandwidthInBurstSet)
	}
	if b != nil && b.Outbound != nil {
		set(b.Outbound.Average, &p.BandwidthOutAverage, &p.BandwidthOutAverageSet)
		set(b.Outbound.Peak, &p.BandwidthOutPeak, &p.BandwidthOutPeakSet)
		set(b.Outbound.Burst, &p.BandwidthOutBurst, &p.BandwidthOutBurstSet)
	}
	return p
}
