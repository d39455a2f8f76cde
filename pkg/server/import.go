package server

import (
	"context"
	"io"

	"github.com/rs/zerolog"

	"github.com/renkei-vpe/renkei/drivers/datastore/fs"
	"github.com/renkei-vpe/renkei/pkg/config"
	"github.com/renkei-vpe/renkei/pkg/migrate"
	"github.com/renkei-vpe/renkei/pkg/sqlite"
	"github.com/renkei-vpe/renkei/xmlrpc/one22"
)

// Import is what is asked of an import.
type Import struct {
	Database     string // file of SQLite
	Core         string // of one that stands on another's: the file of that
	DryRun       bool   // tell, and do nothing
	MoveImages   bool   // into the datastore; otherwise they are used where they are
	LeaveRunning bool   // leave out VMs that are not over
}

// Run takes over the database of an original, and tells what it does. The data folder
// has to be fresh, and no server may be using it; a dry run does not look at it.
func (i Import) Run(ctx context.Context, c config.Config, log zerolog.Logger, tell io.Writer) (err error) {
	plan, err := i.plan(c)
	if err != nil {
		return err
	}
	plan.Write(tell)
	if i.DryRun {
		return plan.Blocked()
	}
	s, err := New(c, log)
	if err != nil {
		return err
	}
	defer func() {
		if closeErr := s.Close(); err == nil {
			err = closeErr
		}
	}()
	return plan.Run(ctx, s.store)
}

// plan reads the database, and the one that it stands on.
func (i Import) plan(c config.Config) (*migrate.Plan, error) {
	location, err := c.DatastoresDir()
	if err != nil {
		return nil, err
	}
	db, err := sqlite.Open(i.Database)
	if err != nil {
		return nil, err
	}
	var core *sqlite.DB
	if i.Core != "" {
		if core, err = sqlite.Open(i.Core); err != nil {
			return nil, err
		}
	}
	set := settingsOf(c, location)
	return migrate.Read(db, core, migrate.Options{
		HashCost: c.Auth.HashCost, Hypervisor: hypervisorOf(c), NetworkDriver: c.One22.Network,
		Networks: set.vms.Network, Datastores: set.stores, Look: lookAtFile,
		MoveImages: i.MoveImages, LeaveRunning: i.LeaveRunning,
	})
}

// lookAtFile reads what an image is from the beginning of its file.
func lookAtFile(path string) (migrate.File, error) {
	found, err := fs.Look(path)
	return migrate.File{Format: found.Format, SizeMiB: found.SizeMiB}, err
}

// hypervisorOf is how the face of 2.2 reads the names of drivers.
func hypervisorOf(c config.Config) func(string) string {
	return (&one22.Server{Hypervisors: []string{"dummy", "kvm", "qemu"}, Hypervisor: c.One22.Hypervisor}).HypervisorOf
}
