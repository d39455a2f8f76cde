package vmrun

import (
	"fmt"
	"strconv"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// job is one effect of one VM, with the VM as it was when the effect began.
type job struct {
	*Runner
	vm     *vm.VM
	args   effect.Args
	here   place  // host of the newest history record
	before *place // host of the history record before that, when migrating
	front  place  // the front end
}

// place is a host, or the front end, with the VM's folder there and the drivers.
type place struct {
	host drivers.Host
	vm   drivers.VM
	hv   drivers.Hypervisor // nil at the front end
	tm   drivers.Transfer   // of the system datastore
}

// job reads the VM that an effect is for.
func (r *Runner) job(e *effect.Effect) (*job, error) {
	snap := r.Store.Read()
	v, err := vm.Kind.Get(snap, e.Object)
	if err != nil {
		return nil, err
	}
	n := len(v.History)
	if n == 0 {
		return nil, fmt.Errorf("VM %d has no host", v.ID)
	}
	j := &job{Runner: r, vm: v, args: e.Args}
	if j.here, err = r.place(snap, v, &v.History[n-1]); err != nil {
		return nil, err
	}
	if n > 1 {
		if p, err := r.place(snap, v, &v.History[n-2]); err == nil {
			j.before = &p
		}
	}
	j.front = j.here
	j.front.host, j.front.hv = drivers.Host{ID: -1, Name: "localhost", Local: true}, nil
	return j, nil
}

func (r *Runner) place(snap *store.Snap, v *vm.VM, rec *vm.History) (place, error) {
	p := place{host: drivers.Host{ID: rec.HostID, Name: rec.HostName, Local: r.Drivers.IsLocal(rec.HostName)}}
	if h, ok := host.Kind.Table.Get(snap, store.ID(rec.HostID)); ok {
		p.host.Attrs = h.Template
	}
	vmm, ok := r.Drivers.VMM[rec.VMMad]
	if !ok {
		return p, fmt.Errorf("VM %d: there is no virtualization driver %q", v.ID, rec.VMMad)
	}
	tm, ok := r.Drivers.TM[rec.TMMad]
	if !ok {
		return p, fmt.Errorf("VM %d: there is no transfer driver %q", v.ID, rec.TMMad)
	}
	p.hv, p.tm = vmm.On(p.host), tm
	p.vm = drivers.VM{
		ID: v.ID, Name: v.Name, DeployID: v.DeployID, Template: v.Template, User: v.User,
		Dir: r.Datastores.VMDir(rec.DSID, v.ID),
	}
	return p, nil
}

// old is the host that a VM is migrated from.
func (j *job) old() (place, error) {
	if j.before == nil {
		return place{}, fmt.Errorf("VM %d: it was on no other host before", j.vm.ID)
	}
	return *j.before, nil
}

// disk describes a DISK of the VM to the drivers.
func (p place) disk(d *attr.Attr) drivers.Disk {
	id, _ := d.Int("DISK_ID")
	return drivers.Disk{ID: id, Attrs: *d, Source: d.Get("SOURCE"), Path: p.diskPath(id)}
}

func (p place) folder() drivers.Folder { return drivers.Folder{Host: p.host, Dir: p.vm.Dir} }

func (p place) diskPath(id int) string { return p.vm.Dir + "/disk." + strconv.Itoa(id) }

// checkpoint is the file with the saved memory.
func (p place) checkpoint() string { return p.vm.Dir + "/" + drivers.CheckpointFile }

// number parses an argument of the effect.
func (j *job) number(name string) (int, error) {
	n, err := strconv.Atoi(j.args[name])
	if err != nil {
		return 0, fmt.Errorf("VM %d: the effect says no %s", j.vm.ID, name)
	}
	return n, nil
}
