package vmrun

import (
	"context"
	"errors"
	"fmt"

	"github.com/renkei-vpe/renkei/drivers"
)

// liveMigrate moves the running VM from the previous to the current host.
func (j *job) liveMigrate(ctx context.Context) error {
	old, err := j.old()
	if err != nil {
		return err
	}
	migrator, ok := old.hv.(drivers.Migrator)
	if !ok {
		return fmt.Errorf("the driver of host %s cannot move a running VM", old.host.Name)
	}
	if err := j.setUpNetworks(ctx, j.here); err != nil {
		return err
	}
	if err := migrator.Migrate(ctx, old.vm, j.here.host); err != nil {
		if ctx.Err() == nil {
			err = errors.Join(err, j.cleanNetworks(ctx, j.here))
		}
		return err
	}
	// From here on the VM runs on the new host, so later failures are only logged.
	j.warn(ctx, j.here, "networks", j.activateNetworks(ctx, j.here))
	j.warn(ctx, j.here, "disks", j.postMigrate(ctx, old))
	j.tidyNetworks(ctx, old)
	return nil
}

// postMigrate tells the transfer driver that a live migration is done, if it implements that.
func (j *job) postMigrate(ctx context.Context, old place) error {
	if tm, ok := j.here.tm.(drivers.PostMigrator); ok {
		return tm.PostMigrate(ctx, old.host, j.here.host, j.here.vm.Dir)
	}
	return nil
}
