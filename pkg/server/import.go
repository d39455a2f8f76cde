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

// Import has the options of an import.
type Import struct {
	Database     string // file of the SQLite database
	Core         string // for a database of RENKEI-VPE: the file of OpenNebula's
	DryRun       bool   // print the plan, but change nothing
	MoveImages   bool   // into the datastore; otherwise images refer to their present files
	LeaveRunning bool   // skip VMs that are not done
}

// Run imports the database of an original, and prints what it does. The data folder has to be
// new, and no server may be using it; a dry run does not look at it.
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

// plan reads the database, and OpenNebula's if it is one of RENKEI-VPE.
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
		Networks: set.vms.Network, Datastores: set.stores, Look: examineFile,
		MoveImages: i.MoveImages, LeaveRunning: i.LeaveRunning,
	})
}

// examineFile reads the format and size of an image from its file.
func examineFile(path string) (migrate.File, error) {
	found, err := fs.Look(path)
	return migrate.File{Format: found.Format, SizeMiB: found.SizeMiB}, err
}

// hypervisorOf maps drivers' names of 2.2 to ours.
func hypervisorOf(c config.Config) func(string) string {
	return (&one22.Server{Hypervisors: []string{"dummy", "kvm", "qemu"}, Hypervisor: c.One22.Hypervisor}).HypervisorOf
}
