package main

import (
	"github.com/spf13/cobra"

	"github.com/renkei-vpe/renkei/pkg/cli"
	"github.com/renkei-vpe/renkei/pkg/server"
)

// importCommand takes over what an original kept.
func importCommand(io cli.Stdio) *cobra.Command {
	var flags serveFlags
	var job server.Import
	cmd := &cobra.Command{
		Use:   "import FILE",
		Short: "Take over the database of OpenNebula 2.2 into a fresh data folder",
		Long: `Take over users, clusters, hosts, networks, images and the history of VMs from the
database of OpenNebula 2.2 (one.db, SQLite) into a fresh data folder. Stop both servers
first, and look at a dry run. On an error nothing has changed.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := flags.load()
			if err != nil {
				return err
			}
			job.Database = args[0]
			return job.Run(cmd.Context(), c, server.Logger(c.Log, io.Err, isTerminal(io.Err)), io.Out)
		},
	}
	flags.add(cmd)
	cmd.Flags().BoolVar(&job.DryRun, "dry-run", false, "say what would be done, and do nothing")
	cmd.Flags().BoolVar(&job.MoveImages, "move-images", false, "move the files of images into the datastore, instead of using them where they are")
	cmd.Flags().BoolVar(&job.LeaveRunning, "leave-running", false, "leave out VMs that are not over, instead of refusing")
	return cmd
}
