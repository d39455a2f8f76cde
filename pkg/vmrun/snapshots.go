package vmrun

import (
	"context"
	"fmt"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/engine"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

func (j *job) createSnapshot(ctx context.Context) (engine.Outcome, error) {
	snapshotter, err := ability[drivers.Snapshotter](j, "make snapshots of a VM")
	if err != nil {
		return nil, err
	}
	id, err := j.number(vm.ArgSnapshot)
	if err != nil {
		return nil, err
	}
	name, err := snapshotter.CreateSnapshot(ctx, j.here.vm, id)
	if err != nil {
		return nil, err
	}
	return engine.Outcome{vm.OutSnapshot: name}, nil
}

func (j *job) revertSnapshot(ctx context.Context) error {
	snapshotter, err := ability[drivers.Snapshotter](j, "go back to snapshots of a VM")
	if err != nil {
		return err
	}
	return snapshotter.RevertSnapshot(ctx, j.here.vm, j.args[vm.ArgHypervisorID])
}

func (j *job) deleteSnapshot(ctx context.Context) error {
	snapshotter, err := ability[drivers.Snapshotter](j, "delete snapshots of a VM")
	if err != nil {
		return err
	}
	return snapshotter.DeleteSnapshot(ctx, j.here.vm, j.args[vm.ArgHypervisorID])
}

// snapDisk is createDiskSnapshot for a running VM.
func (j *job) snapDisk(ctx context.Context) error {
	snapper, ok := j.here.hv.(drivers.DiskSnapper)
	if !ok {
		return j.createDiskSnapshot(ctx)
	}
	_, disk, err := j.targetDisk()
	if err != nil {
		return err
	}
	id, err := j.number(vm.ArgSnapshot)
	if err != nil {
		return err
	}
	return snapper.SnapDisk(ctx, j.here.vm, disk, id)
}

func (j *job) createDiskSnapshot(ctx context.Context) error {
	return j.diskSnapshot(ctx, drivers.DiskSnapshotter.CreateDiskSnapshot)
}

func (j *job) revertDiskSnapshot(ctx context.Context) error {
	return j.diskSnapshot(ctx, drivers.DiskSnapshotter.RevertDiskSnapshot)
}

func (j *job) deleteDiskSnapshot(ctx context.Context) error {
	return j.diskSnapshot(ctx, drivers.DiskSnapshotter.DeleteDiskSnapshot)
}

func (j *job) diskSnapshot(ctx context.Context, do func(drivers.DiskSnapshotter, context.Context, drivers.Host, drivers.Disk, int) error) error {
	d, _, err := j.targetDisk()
	if err != nil {
		return err
	}
	id, err := j.number(vm.ArgSnapshot)
	if err != nil {
		return err
	}
	tm, err := j.transferOf(j.here, d)
	if err != nil {
		return err
	}
	snapshotter, ok := tm.(drivers.DiskSnapshotter)
	if !ok {
		return fmt.Errorf("transfer driver %q makes no snapshots of disks", d.Get("TM_MAD"))
	}
	return do(snapshotter, ctx, j.here.host, j.here.disk(d), id)
}
