package vm

import (
	"cmp"
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/lifecycle"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// size is the capacity of a VM.
type size struct {
	cpu    string
	vcpu   int
	memory int64
}

func sizeOf(v *VM) size { return size{v.Template.Get("CPU"), v.VCPU(), v.MemoryMiB()} }

func (z size) apply(v *VM) {
	v.Template.Set("CPU", z.cpu)
	v.Template.Set("MEMORY", strconv.FormatInt(z.memory, 10))
	if z.vcpu > 0 {
		v.Template.Set("VCPU", strconv.Itoa(z.vcpu))
	} else {
		v.Template.Del("VCPU")
	}
}

// Resize serves one.vm.resize with CPU, VCPU and MEMORY of the template. With enforce the host
// must have enough capacity.
func Resize(tx *store.Tx, s Settings, c *one.Caller, id int, t attr.Template, enforce bool) error {
	if err := CheckRestricted(s, c, "Template", t); err != nil {
		return err
	}
	v, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	old := sizeOf(v)
	z, err := old.with(t)
	if err != nil {
		return err
	}
	if Pinned(v) && z.vcpu > 0 {
		z.cpu = strconv.Itoa(z.vcpu)
	}
	z.apply(v)
	if err := affordable(tx, v); err != nil { // oned checks quotas before the state
		return ofCaller(c, err)
	}
	if err := allowed(v, lifecycle.ResizeCapacity); err != nil {
		return err
	}
	if v.LCM == one.LCMRunning {
		if err := resizableLive(s, v); err != nil || z == old {
			return err
		}
	}
	if err := resizeTopology(v); err != nil {
		return err
	}
	if err := roomFor(tx, v, old, enforce || !c.IsAdmin()); err != nil {
		return err
	}
	err = Fire(tx, s, v, lifecycle.ResizeCapacity, Cause{By: c, Args: effect.Args{
		ArgVCPU: strconv.Itoa(z.vcpu), ArgMemory: strconv.FormatInt(z.memory, 10),
		ArgOldCPU: old.cpu, ArgOldVCPU: strconv.Itoa(old.vcpu), ArgOldMemory: strconv.FormatInt(old.memory, 10),
	}})
	return ofCaller(c, err)
}

// with returns z with the values that a template has.
func (z size) with(t attr.Template) (size, error) {
	if cpu, ok := t.Float("CPU"); ok && cpu != 0 {
		if cpu < 0 {
			return z, bad("CPU must be a positive float or integer value.")
		}
		z.cpu = number(cpu)
	}
	if n, ok := t.Int("MEMORY"); ok && n != 0 {
		if n < 0 {
			return z, bad("MEMORY must be a positive integer value.")
		}
		z.memory = int64(n)
	}
	if n, ok := t.Int("VCPU"); ok && n != 0 {
		if n < 0 {
			return z, bad("VCPU must be a positive integer value.")
		}
		z.vcpu = n
	}
	return z, nil
}

func resizableLive(s Settings, v *VM) error {
	if Pinned(v) {
		return one.Errorf(one.CodeAction, "Cannot resize a pinned VM")
	}
	if !s.driver(v).LiveResize {
		return one.Errorf(one.CodeAction, "Hotplug resize not supported by driver %s", v.Last().VMMad)
	}
	return nil
}

// roomFor refuses a capacity that the host does not have when it frees what the VM used before. v
// already has the new capacity.
func roomFor(r store.Reader, v *VM, old size, enforce bool) error {
	hosts := hostsOf(v)
	if !enforce || len(hosts) == 0 {
		return nil
	}
	h, err := host.Kind.Get(r, hosts[0])
	if err != nil {
		return err
	}
	was := *v
	was.Template = v.Template.Clone()
	old.apply(&was)
	without, have := h.Share, Capacity(&was)
	without.CPUUsage -= have.CPU
	without.MemUsageKiB -= have.MemoryKiB
	if err := cmp.Or(without.Fits(Capacity(v)), h.FitsNUMA(v.ID, NUMAWish(v))); err != nil {
		return one.Errorf(one.CodeAction, "%v", err)
	}
	return nil
}

// restoreSize restores the capacity after a failed resize. resizeTopology cannot fail, as the
// topology was valid before.
func restoreSize(v *VM) {
	size{v.Doing[ArgOldCPU], v.doing(ArgOldVCPU), int64(v.doing(ArgOldMemory))}.apply(v)
	_ = resizeTopology(v)
}
