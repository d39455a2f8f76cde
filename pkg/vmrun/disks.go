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

// prolog brings all disks of a VM to its host.
func (j *job) prolog(ctx context.Context) error {
	if err := j.checkNetworks(j.here); err != nil {
		return err // before anything is copied
	}
	for _, d := range j.vm.Template.Vectors("DISK") {
		if err := j.bring(ctx, j.here, d); err != nil {
			return err
		}
	}
	return j.bootFiles(ctx, j.here)
}

// bring makes one disk at a place, and tells the log how long that took.
func (j *job) bring(ctx context.Context, p place, d *attr.Attr) error {
	begin := time.Now()
	if err := j.fetchDisk(ctx, p, d); err != nil {
		return err
	}
	j.Log.Info().Int("vm", j.vm.ID).Str("disk", d.Get("DISK_ID")).Str("host", p.host.Name).
		Dur("dur", time.Since(begin)).Msg("disk brought")
	return nil
}

func (j *job) fetchDisk(ctx context.Context, p place, d *attr.Attr) error {
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

// grow makes a disk as large as its VM wants it, where that is more than the
// image has.
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

// transferOf is the driver of the datastore that a disk comes from; a volatile
// disk comes from the system datastore.
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

// epilog returns what is persistent and leaves nothing on the host.
func (j *job) epilog(ctx context.Context) (engine.Outcome, error) { return j.clear(ctx, j.here) }

// epilogAtFront is epilog for disks that wait at the front end.
func (j *job) epilogAtFront(ctx context.Context) (engine.Outcome, error) {
	return j.clear(ctx, j.front)
}

// clear also ends what may be left of the domain: a guest that powered itself
// off leaves its definition behind. It tells of the images that disks were saved as.
func (j *job) clear(ctx context.Context, p place) (engine.Outcome, error) {
	if err := j.endDomain(ctx, p); err != nil {
		return nil, err
	}
	out := engine.Outcome{}
	for _, d := range j.vm.Template.Vectors("DISK") {
		if err := j.giveBack(ctx, p, d); err != nil {
			return nil, err
		}
		if err := j.saveAtEnd(ctx, p, d, out); err != nil {
			return nil, err
		}
	}
	return out, p.tm.Delete(ctx, p.host, p.vm.Dir)
}

// endDomain is for a VM that does not run. If it was seen to be off before what
// ended it had answered, or powered itself off, its networks are there still.
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

// giveBack returns a persistent disk to its image.
func (j *job) giveBack(ctx context.Context, p place, d *attr.Attr) error {
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

// takeHome takes disks and checkpoint from the host to the front end; fetch
// brings them back; fetchFromOld brings them here from the host before.
func (j *job) takeHome(ctx context.Context) error { return j.move(ctx, j.here, j.front) }
func (j *job) fetch(ctx context.Context) error    { return j.move(ctx, j.kept(), j.here) }

// kept is where the front end keeps a VM that was stopped: in the datastore that it
// was in then, which need not be the one it goes to.
func (j *job) kept() place {
	p := j.front
	if j.before != nil {
		p.vm.Dir = j.before.vm.Dir
	}
	return p
}

func (j *job) fetchFromOld(ctx context.Context) error {
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
	if j.bare() {
		return nil
	}
	return to.tm.Move(ctx, from.folder(), to.folder())
}

// bare tells of a VM that has no folder: without disks, and without memory that was
// saved for the way.
func (j *job) bare() bool {
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
