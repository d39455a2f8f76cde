package vmrun

import (
	"context"
	"errors"
	"fmt"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// targetDisk is the disk that the effect's arguments name.
func (j *job) targetDisk() (*attr.Attr, int, error) {
	id, err := j.number(vm.ArgDisk)
	if err != nil {
		return nil, 0, err
	}
	if d := j.vm.Disk(id); d != nil {
		return d, id, nil
	}
	return nil, id, fmt.Errorf("VM %d has no disk %d", j.vm.ID, id)
}

// attachDisk creates a disk on the host and plugs it into the running VM.
func (j *job) attachDisk(ctx context.Context) error {
	plugger, err := ability[drivers.DiskPlugger](j, "plug disks into a running VM")
	if err != nil {
		return err
	}
	if err := j.attachDiskOff(ctx); err != nil {
		return err
	}
	_, id, err := j.targetDisk()
	if err != nil {
		return err
	}
	return plugger.AttachDisk(ctx, j.here.vm, id)
}

// attachDiskOff creates a disk on the host for a VM that does not run.
func (j *job) attachDiskOff(ctx context.Context) error {
	d, _, err := j.targetDisk()
	if err != nil {
		return err
	}
	return j.createDisk(ctx, j.here, d)
}

// detachDisk unplugs a disk from the running VM and removes it from the host.
func (j *job) detachDisk(ctx context.Context) error {
	plugger, err := ability[drivers.DiskPlugger](j, "unplug disks from a running VM")
	if err != nil {
		return err
	}
	_, id, err := j.targetDisk()
	if err != nil {
		return err
	}
	if err := plugger.DetachDisk(ctx, j.here.vm, id); err != nil {
		return err
	}
	return j.detachDiskOff(ctx)
}

// detachDiskOff returns a persistent disk to its image and deletes it on the host; no domain
// uses it.
func (j *job) detachDiskOff(ctx context.Context) error {
	d, id, err := j.targetDisk()
	if err != nil {
		return err
	}
	if err := j.returnDisk(ctx, j.here, d); err != nil {
		return err
	}
	return j.here.tm.Delete(ctx, j.here.host, j.here.diskPath(id))
}

// targetNIC is the NIC that the effect's arguments name.
func (j *job) targetNIC() (*attr.Attr, int, error) {
	id, err := j.number(vm.ArgNIC)
	if err != nil {
		return nil, 0, err
	}
	if nic := j.vm.NIC(id); nic != nil {
		return nic, id, nil
	}
	return nil, id, fmt.Errorf("VM %d has no NIC %d", j.vm.ID, id)
}

// attachNIC plugs a NIC into the running VM, and updates the guest's context with its
// addresses.
func (j *job) attachNIC(ctx context.Context) error {
	nic, id, err := j.targetNIC()
	if err != nil {
		return err
	}
	if nic.Name == "NIC_ALIAS" {
		return j.addAlias(ctx, id)
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

// addAlias adds the address of a NIC alias to the NIC that the domain has already.
func (j *job) addAlias(ctx context.Context, id int) error {
	if plugger, told := j.here.hv.(drivers.AliasPlugger); told {
		if err := plugger.AttachAlias(ctx, j.here.vm, id); err != nil {
			return err
		}
	}
	return j.renewContext(ctx)
}

// plugNIC unplugs the NIC again if the guest's context cannot be updated.
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

// detachNIC unplugs a NIC and removes its addresses from the guest's context.
func (j *job) detachNIC(ctx context.Context) error {
	nic, id, err := j.targetNIC()
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

// updateNIC applies the changed attributes of one NIC, or after an update of a network, of all
// NICs in that network.
func (j *job) updateNIC(ctx context.Context) error {
	if vnet, ok := j.args[vm.ArgVNet]; ok {
		return j.updateNICs(ctx, vnet)
	}
	nic, id, err := j.targetNIC()
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

// rewire has the network driver reconnect a NIC whose network has changed its bridge, physical
// device or VLAN.
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

// renewNIC applies a NIC's security groups and filters in the network driver, and its bandwidth
// limits in the hypervisor.
func (j *job) renewNIC(ctx context.Context, nic *attr.Attr, id int) error {
	if err := j.withNIC(ctx, j.here, nic, drivers.Network.Activate); err != nil {
		return err
	}
	if tuner, ok := j.here.hv.(drivers.NICTuner); ok && nic.Get("MAC") != "" && nic.Name == "NIC" {
		return tuner.TuneNIC(ctx, j.here.vm, id)
	}
	return nil
}

// ability answers the hypervisor as the optional interface A, or an error about what it cannot do.
func ability[A any](j *job, what string) (A, error) {
	a, ok := j.here.hv.(A)
	if !ok {
		return a, fmt.Errorf("the driver of host %s cannot %s", j.here.host.Name, what)
	}
	return a, nil
}
