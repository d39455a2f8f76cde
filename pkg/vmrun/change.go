package vmrun

import (
	"context"
	"errors"
	"fmt"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// theDisk is the disk that an effect is about.
func (j *job) theDisk() (*attr.Attr, int, error) {
	id, err := j.number(vm.ArgDisk)
	if err != nil {
		return nil, 0, err
	}
	if d := j.vm.Disk(id); d != nil {
		return d, id, nil
	}
	return nil, id, fmt.Errorf("VM %d has no disk %d", j.vm.ID, id)
}

// attachDisk brings a disk and plugs it into the running VM.
func (j *job) attachDisk(ctx context.Context) error {
	plugger, err := ability[drivers.DiskPlugger](j, "plug disks into a running VM")
	if err != nil {
		return err
	}
	if err := j.bringDisk(ctx); err != nil {
		return err
	}
	_, id, err := j.theDisk()
	if err != nil {
		return err
	}
	return plugger.AttachDisk(ctx, j.here.vm, id)
}

// bringDisk brings a disk to a VM that does not run.
func (j *job) bringDisk(ctx context.Context) error {
	d, _, err := j.theDisk()
	if err != nil {
		return err
	}
	return j.bring(ctx, j.here, d)
}

// detachDisk unplugs a disk from the running VM and takes it away.
func (j *job) detachDisk(ctx context.Context) error {
	plugger, err := ability[drivers.DiskPlugger](j, "unplug disks from a running VM")
	if err != nil {
		return err
	}
	_, id, err := j.theDisk()
	if err != nil {
		return err
	}
	if err := plugger.DetachDisk(ctx, j.here.vm, id); err != nil {
		return err
	}
	return j.dropDisk(ctx)
}

// dropDisk takes a disk away from a VM that does not use it.
func (j *job) dropDisk(ctx context.Context) error {
	d, id, err := j.theDisk()
	if err != nil {
		return err
	}
	if err := j.giveBack(ctx, j.here, d); err != nil {
		return err
	}
	return j.here.tm.Delete(ctx, j.here.host, j.here.diskPath(id))
}

// theNIC is the NIC that an effect is about.
func (j *job) theNIC() (*attr.Attr, int, error) {
	id, err := j.number(vm.ArgNIC)
	if err != nil {
		return nil, 0, err
	}
	if nic := j.vm.NIC(id); nic != nil {
		return nic, id, nil
	}
	return nil, id, fmt.Errorf("VM %d has no NIC %d", j.vm.ID, id)
}

// attachNIC plugs a NIC into the running VM, and tells the guest its addresses.
func (j *job) attachNIC(ctx context.Context) error {
	nic, id, err := j.theNIC()
	if err != nil {
		return err
	}
	if nic.Name == "NIC_ALIAS" {
		return j.addAddress(ctx, id)
	}
	plugger, err := ability[drivers.NICPlugger](j, "plug NICs into a running VM")
	if err != nil {
		return err
	}
	if err := j.withNIC(ctx, j.here, nic, drivers.Network.Setup); err != nil {
		return err
	}
	err = j.plugNIC(ctx, plugger, nic, id)
	if err != nil && ctx.Err() == nil {
		err = errors.Join(err, j.withNIC(ctx, j.here, nic, drivers.Network.Clean))
	}
	return err
}

// addAddress is attachNIC for an alias: an address more on a card that is there.
func (j *job) addAddress(ctx context.Context, id int) error {
	if plugger, told := j.here.hv.(drivers.AliasPlugger); told {
		if err := plugger.AttachAlias(ctx, j.here.vm, id); err != nil {
			return err
		}
	}
	return j.renewContext(ctx)
}

// plugNIC leaves no NIC of which the guest cannot be told.
func (j *job) plugNIC(ctx context.Context, p drivers.NICPlugger, nic *attr.Attr, id int) error {
	if err := p.AttachNIC(ctx, j.here.vm, id); err != nil {
		return err
	}
	err := j.withNIC(ctx, j.here, nic, drivers.Network.Activate)
	if err == nil {
		err = j.renewContext(ctx)
	}
	if err != nil && ctx.Err() == nil {
		err = errors.Join(err, p.DetachNIC(ctx, j.here.vm, id))
	}
	return err
}

// detachNIC unplugs a NIC, and takes its addresses from what the guest is told.
func (j *job) detachNIC(ctx context.Context) error {
	nic, id, err := j.theNIC()
	if err != nil {
		return err
	}
	if err := j.unplugNIC(ctx, nic, id); err != nil {
		return err
	}
	j.vm = vm.WithoutNIC(j.Store.Read(), j.vm, id)
	return j.renewContext(ctx)
}

func (j *job) unplugNIC(ctx context.Context, nic *attr.Attr, id int) error {
	if nic.Name == "NIC_ALIAS" {
		if plugger, told := j.here.hv.(drivers.AliasPlugger); told {
			return plugger.DetachAlias(ctx, j.here.vm, id)
		}
		return nil
	}
	plugger, err := ability[drivers.NICPlugger](j, "unplug NICs from a running VM")
	if err != nil {
		return err
	}
	if err := plugger.DetachNIC(ctx, j.here.vm, id); err != nil {
		return err
	}
	return j.withNIC(ctx, j.here, nic, drivers.Network.Clean)
}

// updateNIC has the drivers take in what changed: of one NIC, or of all that are
// in a network.
func (j *job) updateNIC(ctx context.Context) error {
	if vnet, ok := j.args[vm.ArgVNet]; ok {
		return j.updateNICs(ctx, vnet)
	}
	nic, id, err := j.theNIC()
	if err != nil {
		return err
	}
	return j.renewNIC(ctx, nic, id)
}

func (j *job) updateNICs(ctx context.Context, vnet string) error {
	for _, nic := range j.vm.Cards() {
		if nic.Get("NETWORK_ID") != vnet {
			continue
		}
		id, _ := nic.Int("NIC_ID")
		if err := j.rewire(ctx, nic); err != nil {
			return err
		}
		if err := j.renewNIC(ctx, nic, id); err != nil {
			return err
		}
	}
	return nil
}

// rewire has the host make of a NIC's network what that says now, which may lead
// elsewhere than before.
func (j *job) rewire(ctx context.Context, nic *attr.Attr) error {
	before, err := vm.NICsBefore(nic, j.args[vm.ArgBefore])
	if err != nil {
		return err
	}
	return j.withNIC(ctx, j.here, nic, func(n drivers.Network, ctx context.Context, h drivers.Host, _ drivers.VM, nic drivers.NIC) error {
		r, can := n.(drivers.Rewirer)
		switch {
		case can:
			return r.Rewire(ctx, h, nic, asNICs(nic.ID, before))
		case len(before) > 0:
			return fmt.Errorf("the network driver %s cannot change PHYDEV or VLAN_ID while VMs use them", nic.Attrs.Get("VN_MAD"))
		}
		return nil
	})
}

func asNICs(id int, vectors []attr.Attr) (nics []drivers.NIC) {
	for _, v := range vectors {
		nics = append(nics, drivers.NIC{ID: id, Attrs: v})
	}
	return nics
}

// renewNIC has the network driver see to what it does for the NIC, and the
// hypervisor to how fast it may be.
func (j *job) renewNIC(ctx context.Context, nic *attr.Attr, id int) error {
	if err := j.withNIC(ctx, j.here, nic, drivers.Network.Activate); err != nil {
		return err
	}
	if tuner, ok := j.here.hv.(drivers.NICTuner); ok && nic.Get("MAC") != "" && nic.Name == "NIC" {
		return tuner.TuneNIC(ctx, j.here.vm, id)
	}
	return nil
}

// ability is the hypervisor as one that can do more.
func ability[A any](j *job, what string) (A, error) {
	a, ok := j.here.hv.(A)
	if !ok {
		return a, fmt.Errorf("the driver of host %s cannot %s", j.here.host.Name, what)
	}
	return a, nil
}
