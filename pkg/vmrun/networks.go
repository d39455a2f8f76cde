package vmrun

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/attr"
)

// step is one of the calls of a network driver.
type step func(drivers.Network, context.Context, drivers.Host, drivers.VM, drivers.NIC) error

func (j *job) setUpNetworks(ctx context.Context, p place) error {
	return j.eachNIC(ctx, p, drivers.Network.Setup)
}

func (j *job) activateNetworks(ctx context.Context, p place) error {
	return j.eachNIC(ctx, p, drivers.Network.Activate)
}

// tidyNetworks is cleanNetworks after the VM has ended or moved. That cannot be undone, so a
// failure is only logged and does not fail the effect.
func (j *job) tidyNetworks(ctx context.Context, p place) {
	j.warn(ctx, p, "networks", j.cleanNetworks(ctx, p))
}

func (j *job) warn(ctx context.Context, p place, what string, err error) {
	if err != nil && ctx.Err() == nil {
		j.Log.Warn().Err(err).Int("vm", j.vm.ID).Str("host", p.host.Name).Msg("its " + what + " on this host are not as they should be")
	}
}

// cleanNetworks goes on with the other NICs after a failure.
func (j *job) cleanNetworks(ctx context.Context, p place) error {
	var errs []error
	for _, nic := range j.vm.Cards() {
		errs = append(errs, j.withNIC(ctx, p, nic, drivers.Network.Clean))
	}
	return errors.Join(errs...)
}

func (j *job) eachNIC(ctx context.Context, p place, do step) error {
	for _, nic := range j.vm.Cards() {
		if err := j.withNIC(ctx, p, nic, do); err != nil {
			return err
		}
	}
	return nil
}

// withNIC calls the driver of a NIC's network. NICs without a network (NETWORK_MODE dummy, or
// no NETWORK) have no driver.
func (j *job) withNIC(ctx context.Context, p place, a *attr.Attr, do step) error {
	nic := drivers.NIC{Attrs: *a}
	nic.ID, _ = a.Int("NIC_ID")
	driver, err := j.networkOf(p, a)
	if err == nil && driver != nil {
		err = do(driver, ctx, p.host, p.vm, nic)
	}
	if err != nil {
		return fmt.Errorf("NIC %d: %w", nic.ID, err)
	}
	return nil
}

// networkOf answers the driver of a NIC's network, nil if there is none.
func (j *job) networkOf(p place, nic *attr.Attr) (drivers.Network, error) {
	name := nic.Get("VN_MAD")
	if name == "" {
		return nil, nil
	}
	if wired, ok := p.hv.(drivers.Wired); ok {
		name = wired.Network()
	}
	driver, ok := j.Drivers.Net[name]
	if !ok {
		return nil, fmt.Errorf("there is no network driver %q, only %s: give the network one of them as VN_MAD", name,
			strings.Join(slices.Sorted(maps.Keys(j.Drivers.Net)), ", "))
	}
	return driver, nil
}

// checkNetworks reports an unknown network driver before disks are copied.
func (j *job) checkNetworks(p place) error {
	for _, nic := range j.vm.Cards() {
		if _, err := j.networkOf(p, nic); err != nil {
			return fmt.Errorf("NIC %s: %w", nic.Get("NIC_ID"), err)
		}
	}
	return nil
}
