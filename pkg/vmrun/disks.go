package vmrun

import (
	"context"
	"fmt"
	"time"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/engine"
	"github.com/renkei-vpe/renkei/pkg/lifecycle"
	"github.com/renkei-vpe/renkei/pkg/one"
)

// prolog creates all disks of a VM on its host.
func (j *job) prolog(ctx context.Context) error {
	if err := j.checkNetworks(j.here); err != nil {
		return err // fail before disks are copied
	}
	for _, d := range j.vm.Template.Vectors("DISK") {
		if err := j.createDisk(ctx, j.here, d); err != nil {
			return err
		}
	}
	return j.bootFiles(ctx, j.here)
}

// createDisk creates one disk and logs how long that took.
func (j *job) createDisk(ctx context.Context, p place, d *attr.Attr) error {
	begin := time.Now()
	if err := j.copyDisk(ctx, p, d); err != nil {
		return err
	}
	j.Log.Info().Int("vm", j.vm.ID).Str("disk", d.Get("DISK_ID")).Str("host", p.host.Name).
		Dur("dur", time.Since(begin)).Msg("disk brought")
	return nil
}

func (j *job) copyDisk(ctx context.Context, p place, d *attr.Attr) error {
	disk := p.disk(d)
	tm, err := j.transferOf(p, d)
	if err != nil {
		return err
	}
	switch {
	case disk.Source == "":
		err = p.tm.Create(ctx, p.host, disk)
	case isPersistent(d):
		err = tm.Link(ctx, p.host, disk)
	default:
		err = tm.Clone(ctx, p.host, disk)
	}
	if err != nil {
		return fmt.Errorf("disk %d: %w", disk.ID, err)
	}
	return j.grow(ctx, p, tm, disk, d)
}

// grow resizes a disk whose SIZE is larger than the image's.
func (j *job) grow(ctx context.Context, p place, tm drivers.Transfer, disk drivers.Disk, d *attr.Attr) error {
	size, sized := d.Int("SIZE")
	original, known := d.Int("ORIGINAL_SIZE")
	if !sized || !known || size <= original {
		return nil
	}
	if err := tm.Resize(ctx, p.host, disk, int64(size)); err != nil {
		return fmt.Errorf("disk %d: %w", disk.ID, err)
	}
	return nil
}

// transferOf is the transfer driver of the image's datastore; volatile disks are created by
// that of the system datastore.
func (j *job) transferOf(p place, d *attr.Attr) (drivers.Transfer, error) {
	name := d.Get("TM_MAD")
	if name == "" || d.Get("SOURCE") == "" {
		return p.tm, nil
	}
	if tm, ok := j.Drivers.TM[name]; ok {
		return tm, nil
	}
	return nil, fmt.Errorf("there is no transfer driver %q", name)
}

// epilog returns persistent disks to their images and deletes the VM's folder on the host.
func (j *job) epilog(ctx context.Context) (engine.Outcome, error) { return j.epilogOf(ctx, j.here) }

// epilogAtFront does so for disks that are at the front end (STOPPED, UNDEPLOYED).
func (j *job) epilogAtFront(ctx context.Context) (engine.Outcome, error) {
	return j.epilogOf(ctx, j.front)
}

// epilogOf first destroys what is left of the domain: one that powered itself off is still
// defined in libvirt. The outcome contains the images that disks were saved as.
func (j *job) epilogOf(ctx context.Context, p place) (engine.Outcome, error) {
	if err := j.endDomain(ctx, p); err != nil {
		return nil, err
	}
	out := engine.Outcome{}
	for _, d := range j.vm.Template.Vectors("DISK") {
		if err := j.returnDisk(ctx, p, d); err != nil {
			return nil, err
		}
		if err := j.saveAtEnd(ctx, p, d, out); err != nil {
			return nil, err
		}
	}
	return out, p.tm.Delete(ctx, p.host, p.vm.Dir)
}

// endDomain cleans the networks, too: those of a VM that powered itself off, or was seen off
// before its shutdown returned, have not been cleaned yet.
func (j *job) endDomain(ctx context.Context, p place) error {
	if p.hv == nil {
		return nil
	}
	if err := p.hv.Destroy(ctx, p.vm); err != nil {
		return err
	}
	j.tidyNetworks(ctx, p)
	return nil
}

// returnDisk returns a persistent disk to its image.
func (j *job) returnDisk(ctx context.Context, p place, d *attr.Attr) error {
	if !isPersistent(d) {
		return nil
	}
	tm, err := j.transferOf(p, d)
	if err != nil {
		return err
	}
	disk := p.disk(d)
	if err := tm.Return(ctx, p.host, disk); err != nil {
		return fmt.Errorf("disk %d: %w", disk.ID, err)
	}
	return nil
}

// toFrontEnd moves the disks and the checkpoint from the host to the front end, fromFrontEnd
// moves them back, fromPreviousHost moves them between hosts.
func (j *job) toFrontEnd(ctx context.Context) error   { return j.move(ctx, j.here, j.front) }
func (j *job) fromFrontEnd(ctx context.Context) error { return j.move(ctx, j.stoppedAt(), j.here) }

// stoppedAt is the folder at the front end of a VM that was stopped or undeployed. It belongs
// to the system datastore of the previous history record, and the VM may be deployed to another
// one.
func (j *job) stoppedAt() place {
	p := j.front
	if j.before != nil {
		p.vm.Dir = j.before.vm.Dir
	}
	return p
}

func (j *job) fromPreviousHost(ctx context.Context) error {
	old, err := j.old()
	if err != nil {
		return err
	}
	return j.move(ctx, old, j.here)
}

func (j *job) move(ctx context.Context, from, to place) error {
	if from.folder().Same(to.folder()) {
		return nil
	}
	if err := j.endDomain(ctx, from); err != nil {
		return err
	}
	if !j.hasNoFolder() {
		return to.tm.Move(ctx, from.folder(), to.folder())
	}
	if tm, ok := to.tm.(drivers.EmptyMover); ok {
		return tm.MoveEmpty(ctx, from.folder(), to.folder())
	}
	return nil
}

// hasNoFolder tells whether there is nothing to move: no disks, no context CD, no boot files
// and no checkpoint.
func (j *job) hasNoFolder() bool {
	t := j.vm.Template
	if t.Has("DISK") || t.Has("CONTEXT") || t.Vector("OS").Has("KERNEL_DS_SOURCE") || t.Vector("OS").Has("INITRD_DS_SOURCE") {
		return false
	}
	switch j.vm.LCM {
	case one.LCMEpilogStop, one.LCMPrologResume, one.LCMPrologMigrateSuspend:
		return false
	case one.LCMPrologMigrate:
		return j.vm.Detail == lifecycle.PoweredOff
	}
	return true
}

func isPersistent(d *attr.Attr) bool {
	yes, _ := d.Bool("PERSISTENT")
	return yes
}
