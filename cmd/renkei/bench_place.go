package main

import (
	"time"

	"github.com/spf13/cobra"

	"github.com/renkei-vpe/renkei/pkg/bench"
	"github.com/renkei-vpe/renkei/pkg/cli"
)

func benchPlaceCommand(io cli.Stdio) *cobra.Command {
	p := bench.Place{Out: io.Out}
	var on target
	cmd := &cobra.Command{
		Use:   "place",
		Short: "Measure how long pending VMs take to run on simulated hosts",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return on.measure(cmd.Context(), io, func(t bench.Target) error {
				p.Target = t
				return p.Run(cmd.Context())
			})
		},
	}
	cmd.Flags().IntVar(&p.Hosts, "hosts", 100, "simulated hosts to make")
	cmd.Flags().IntVar(&p.Single, "single", 50, "VMs to time one by one")
	cmd.Flags().IntSliceVarP(&p.Together, "number", "n", []int{500, 512}, "VMs that wait together; may be a list")
	cmd.Flags().BoolVar(&p.Placed, "placed", false, "wait until all have a host, not until all run")
	cmd.Flags().BoolVar(&p.Closed, "disabled", false, "VMs wait for disabled hosts, which are then enabled, instead of on hold")
	cmd.Flags().DurationVar(&p.Patience, "patience", 10*time.Minute, "for each measurement")
	cmd.Flags().DurationVar(&p.Every, "every", 2*time.Millisecond, "time between two looks")
	on.add(cmd)
	return cmd
}
