package vmrun

import (
	"context"
	"errors"
)

// cleanup leaves nothing of a VM here, however far it came.
func (j *job) cleanup(ctx context.Context) error { return j.wipe(ctx, j.here) }

// cleanupBoth also leaves nothing on the host before.
func (j *job) cleanupBoth(ctx context.Context) error {
	err := j.wipe(ctx, j.here)
	if j.before != nil {
		err = errors.Join(err, j.wipe(ctx, *j.before))
	}
	return err
}

func (j *job) cleanupFront(ctx context.Context) error { return j.wipe(ctx, j.front) }

func (j *job) cleanupHereAndFront(ctx context.Context) error {
	err := errors.Join(j.wipe(ctx, j.here), j.wipe(ctx, j.front))
	if kept := j.kept(); !kept.folder().Same(j.front.folder()) {
		err = errors.Join(err, j.wipe(ctx, kept))
	}
	return err
}

// wipe ends the domain if there is one, cleans its networks and deletes its
// files. It goes on after a failure: what can be removed is.
func (j *job) wipe(ctx context.Context, p place) error {
	var errs []error
	if p.hv != nil {
		if err := p.hv.Destroy(ctx, p.vm); err != nil {
			return err // files of a VM that may still run are left alone
		}
		errs = append(errs, j.cleanNetworks(ctx, p))
	}
	errs = append(errs, p.tm.Delete(ctx, p.host, p.vm.Dir))
	return errors.Join(errs...)
}
