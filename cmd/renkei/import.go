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

// importCommand makes the data of a new server from a folder that export wrote,
// or takes over what an original kept.
func importCommand(io cli.Stdio) *cobra.Command {
	var flags serveFlags
	var job server.Import
	var force bool
	cmd := &cobra.Command{
		Use:   "import SOURCE",
		Short: "Make the data of a new server from what export wrote, or from the database of an original",
		Long: `Make the data of a new server. SOURCE is a folder that export wrote, or a database (SQLite):
one.db of OpenNebula 2.2 or 7, or rvped.db of RENKEI-VPE, which stands on OpenNebula's
2.2: give that with --one. Taken over are users with their passwords, clusters, hosts,
networks with their addresses, images and the history of VMs; of RENKEI-VPE also zones, types,
limits, leases and whom they are kept for; of OpenNebula 7 also groups, rules, datastores,
security groups, VDCs, templates, VM groups, documents and quotas. The data folder must be fresh and no server may run on it;
look at a dry run first. On an error nothing has changed. A folder whose data contradicts
itself (see fsck) is told of, with status 1, and not imported without --force.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := flags.load()
			if err != nil {
				return err
			}
			info, err := os.Stat(args[0])
			if err != nil {
				return err
			}
			if info.IsDir() {
				return importFiles(io, c, args[0], job.DryRun, force)
			}
			job.Database = args[0]
			return importDatabase(cmd.Context(), io, c, job)
		},
	}
	flags.add(cmd)
	cmd.Flags().StringVar(&job.Core, "one", "", "of RENKEI-VPE's database: the database of OpenNebula 2.2 that it stands on")
	cmd.Flags().BoolVar(&job.DryRun, "dry-run", false, "say what would be done, and do nothing")
	cmd.Flags().BoolVar(&job.MoveImages, "move-images", false, "of a database: move the files of images into the datastore, instead of using them where they are")
	cmd.Flags().BoolVar(&job.LeaveRunning, "leave-running", false, "of a database: leave out VMs that are not over, instead of refusing")
	cmd.Flags().BoolVar(&force, "force", false, "of a folder: import data that contradicts itself, too")
	return cmd
}

func importDatabase(ctx context.Context, io cli.Stdio, c config.Config, job server.Import) error {
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
