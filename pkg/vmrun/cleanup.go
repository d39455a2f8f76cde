package vmrun

import (
	"context"
	"errors"
)

// cleanup removes the domain, its networks and its files from the current host.
func (j *job) cleanup(ctx context.Context) error { return j.wipe(ctx, j.here) }

// cleanupBoth does so on the previous host, too.
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
	if stoppedAt := j.stoppedAt(); !stoppedAt.folder().Same(j.front.folder()) {
		err = errors.Join(err, j.wipe(ctx, stoppedAt))
	}
	return err
}

// wipe destroys the domain if there is one, cleans its networks and deletes its files. A
// failure in one of them does not stop the rest.
func (j *job) wipe(ctx context.Context, p place) error {
	var errs []error
	if p.hv != nil {
		if err := p.hv.Destroy(ctx, p.vm); err != nil {
			return err // never delete the disks of a domain that may still run
		}
		errs = append(errs, j.cleanNetworks(ctx, p))
	}
	errs = append(errs, p.tm.Delete(ctx, p.host, p.vm.Dir))
	return errors.Join(errs...)
}
