package vmrun

import (
	"context"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// resize changes CPU and memory of the running VM.
func (j *job) resize(ctx context.Context) error {
	resizer, err := ability[drivers.Resizer](j, "resize a running VM")
	if err != nil {
		return err
	}
	vcpu, err := j.number(vm.ArgVCPU)
	if err != nil {
		return err
	}
	memory, err := j.number(vm.ArgMemory)
	if err != nil {
		return err
	}
	return resizer.ResizeCapacity(ctx, j.here.vm, vcpu, int64(memory))
}

// resizeDisk grows a disk of the running VM.
func (j *job) resizeDisk(ctx context.Context) error {
	resizer, err := ability[drivers.Resizer](j, "resize a disk of a running VM")
	if err != nil {
		return err
	}
	_, id, err := j.targetDisk()
	if err != nil {
		return err
	}
	size, err := j.number(vm.ArgSize)
	if err != nil {
		return err
	}
	return resizer.ResizeDisk(ctx, j.here.vm, id, int64(size))
}

func (j *job) resizeDiskOff(ctx context.Context) error   { return j.resizeDiskAt(ctx, j.here) }
func (j *job) resizeDiskFront(ctx context.Context) error { return j.resizeDiskAt(ctx, j.front) }

func (j *job) resizeDiskAt(ctx context.Context, p place) error {
	d, _, err := j.targetDisk()
	if err != nil {
		return err
	}
	size, err := j.number(vm.ArgSize)
	if err != nil {
		return err
	}
	tm, err := j.transferOf(p, d)
	if err != nil {
		return err
	}
	return tm.Resize(ctx, p.host, p.disk(d), int64(size))
}
