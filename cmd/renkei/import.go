package main

import (
	"context"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/renkei-vpe/renkei/pkg/cli"
	"github.com/renkei-vpe/renkei/pkg/config"
	"github.com/renkei-vpe/renkei/pkg/server"
)

// importCommand creates the data of a new server from an export, or from the database of an
// original.
func importCommand(io cli.Stdio) *cobra.Command {
	var flags serveFlags
	var job server.Import
	var force bool
	cmd := &cobra.Command{
		Use:   "import SOURCE",
		Short: "Create the data of a new server from an export or from another system's database",
		Long: `Create the data of a new server. SOURCE is a folder written by renkei export, or an SQLite
database: one.db of OpenNebula 2.2, 6 or 7, or rvped.db of RENKEI-VPE together with the
OpenNebula 2.2 that it stands on (--one).

Imported are users with their passwords, clusters, hosts, networks with their addresses,
images and the history of VMs; from RENKEI-VPE also zones, types, limits, leases and
reservations; from OpenNebula 6 and 7 also groups, ACL rules, datastores, security groups,
VDCs, templates, VM groups, documents and quotas.

The data folder must be fresh, and no server may be running on it. Try --dry-run first.
After an error nothing has changed. If the data in a folder contradicts itself (see fsck),
that is reported with status 1, and imported only with --force.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := flags.load()
			if err != nil {
				return err
			}
			job.Database = args[0]
			return importFrom(cmd.Context(), io, c, job, force)
		},
	}
	flags.add(cmd)
	cmd.Flags().StringVar(&job.Core, "one", "", "for RENKEI-VPE: the database of the OpenNebula 2.2 that it stands on")
	cmd.Flags().BoolVar(&job.DryRun, "dry-run", false, "only report what would be done")
	cmd.Flags().BoolVar(&job.MoveImages, "move-images", false, "for a database: move image files into the datastore, instead of using them where they are")
	cmd.Flags().BoolVar(&job.LeaveRunning, "leave-running", false, "for a database: leave out VMs that have not ended, instead of refusing")
	cmd.Flags().BoolVar(&force, "force", false, "for a folder: import even data that contradicts itself")
	return cmd
}

// importFrom imports job.Database, which may also be a folder written by export.
func importFrom(ctx context.Context, io cli.Stdio, c config.Config, job server.Import, force bool) error {
	info, err := os.Stat(job.Database)
	if err != nil {
		return err
	}
	if info.IsDir() {
		return importFiles(io, c, job.Database, job.DryRun, force)
	}
	return job.Run(ctx, c, server.Logger(c.Log, io.Err, isTerminal(io.Err)), io.Out)
}

func importFiles(io cli.Stdio, c config.Config, dir string, dry, force bool) error {
	m, health, err := server.ImportFiles(c.Data, dir, dry, force)
	if err != nil {
		return err
	}
	status := tell(io, health)
	switch {
	case dry:
		fmt.Fprintf(io.Out, "%d objects can be read; nothing was imported\n", m.Total())
	case status != nil && !force:
		fmt.Fprintln(io.Err, "nothing was imported: --force does it all the same")
	default:
		fmt.Fprintf(io.Out, "%d objects imported into %s\n", m.Total(), c.Data)
		return nil
	}
	return status
}
