package vmrun

import (
	"context"
	"errors"
	"fmt"

	"github.com/renkei-vpe/renkei/pkg/engine"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// boot starts the VM on the current host. Networks are set up before and activated afterwards;
// if the VM does not start, they are cleaned again.
func (j *job) boot(ctx context.Context) (engine.Outcome, error) {
	if err := j.context(ctx); err != nil {
		return nil, err
	}
	return j.start(ctx, func() (string, error) { return j.here.hv.Deploy(ctx, j.here.vm) })
}

// restore resumes the VM from its checkpoint.
func (j *job) restore(ctx context.Context) (engine.Outcome, error) {
	if err := j.context(ctx); err != nil {
		return nil, err
	}
	return j.start(ctx, func() (string, error) { return j.here.hv.Restore(ctx, j.here.vm, j.here.checkpoint()) })
}

func (j *job) start(ctx context.Context, start func() (string, error)) (engine.Outcome, error) {
	if err := j.setUpNetworks(ctx, j.here); err != nil {
		return nil, err
	}
	deployID, err := start()
	if err == nil {
		j.here.vm.DeployID = deployID
		err = j.activateNetworks(ctx, j.here)
	}
	if err != nil {
		if ctx.Err() == nil {
			err = errors.Join(err, j.cleanNetworks(ctx, j.here))
		}
		return nil, err
	}
	return engine.Outcome{vm.OutDeployID: deployID}, nil
}

// running is the host that the domain is on: during a migration, still the previous one.
func (j *job) running() place {
	if j.vm.Status().Holds().OldHost && j.before != nil {
		return *j.before
	}
	return j.here
}

// save writes the memory to the checkpoint; the domain ends.
func (j *job) save(ctx context.Context) error {
	p := j.running()
	if err := p.hv.Save(ctx, p.vm, p.checkpoint()); err != nil {
		return err
	}
	j.tidyNetworks(ctx, p)
	return nil
}

// shutdown asks the guest to power off and waits for it.
func (j *job) shutdown(ctx context.Context) error {
	p := j.running()
	patience, cancel := context.WithTimeout(ctx, j.Shutdown)
	defer cancel()
	err := p.hv.Shutdown(patience, p.vm)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		return fmt.Errorf("the guest did not power off within %v: does it listen to ACPI? Use the hard form to end it at once", j.Shutdown)
	}
	if err != nil {
		return err
	}
	j.tidyNetworks(ctx, p)
	return nil
}

// destroy powers the VM off without asking the guest.
func (j *job) destroy(ctx context.Context) error {
	p := j.running()
	if err := p.hv.Destroy(ctx, p.vm); err != nil {
		return err
	}
	j.tidyNetworks(ctx, p)
	return nil
}

func (j *job) reboot(ctx context.Context) error { return j.here.hv.Reboot(ctx, j.here.vm) }
func (j *job) reset(ctx context.Context) error  { return j.here.hv.Reset(ctx, j.here.vm) }
