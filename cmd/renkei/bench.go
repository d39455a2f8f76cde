package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/renkei-vpe/renkei/pkg/bench"
	"github.com/renkei-vpe/renkei/pkg/cli"
	"github.com/renkei-vpe/renkei/pkg/client"
)

func benchCommand(io cli.Stdio) *cobra.Command {
	cmd := &cobra.Command{Use: "bench", Short: "Measure a running server as its users see it"}
	cmd.AddCommand(benchBootCommand(io))
	return cmd
}

func benchBootCommand(io cli.Stdio) *cobra.Command {
	b := bench.Boot{Every: 2 * time.Millisecond}
	cmd := &cobra.Command{
		Use:   "boot",
		Short: "Boot VMs one after the other and tell how long each part took",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := connect()
			if err != nil {
				return err
			}
			all, err := b.Run(cmd.Context(), c)
			bench.Tell(io.Out, all)
			return err
		},
	}
	cmd.Flags().IntVarP(&b.N, "number", "n", 10, "VMs to boot")
	cmd.Flags().IntVar(&b.Template, "template", 0, "ID of the template to instantiate")
	cmd.Flags().BoolVar(&b.Keep, "keep", false, "leave the VMs running")
	cmd.Flags().DurationVar(&b.Patience, "patience", 2*time.Minute, "for each VM")
	return cmd
}

// connect makes a client of what the environment says.
func connect() (*client.Client, error) {
	settings, err := client.FromEnv()
	if err != nil {
		return nil, fmt.Errorf("finding the server: %w", err)
	}
	return client.New(settings)
}
