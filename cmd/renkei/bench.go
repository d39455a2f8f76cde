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
	cmd.AddCommand(benchBootCommand(io), benchCallsCommand(io), benchPlaceCommand(io), benchEmptyCommand(io))
	return cmd
}

func benchBootCommand(io cli.Stdio) *cobra.Command {
	b := bench.Boot{Every: 2 * time.Millisecond}
	hand := bench.Hand{Every: 5 * time.Millisecond}
	var byHand bool
	var most time.Duration
	cmd := &cobra.Command{
		Use:   "boot",
		Short: "Boot VMs one after the other and report how long each part took",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := connect()
			if err != nil {
				return err
			}
			if byHand {
				b.Hand = &hand
			}
			all, err := b.Run(cmd.Context(), c)
			if len(all) > 0 {
				b.Tell(io.Out, all)
			}
			if more := bench.More(all); err == nil && most > 0 && more > most {
				err = fmt.Errorf("a VM takes %v more than by hand, in the median; %v was the most allowed", more.Round(time.Millisecond), most)
			}
			return err
		},
	}
	cmd.Flags().IntVarP(&b.N, "number", "n", 10, "VMs to boot")
	cmd.Flags().IntVar(&b.Template, "template", 0, "ID of the template to instantiate")
	cmd.Flags().BoolVar(&b.Keep, "keep", false, "leave the VMs running")
	cmd.Flags().DurationVar(&b.Patience, "patience", 2*time.Minute, "for each VM")
	cmd.Flags().StringVar(&b.Log, "log", "", "the server's log: tells the time of the image copy apart")
	cmd.Flags().BoolVar(&byHand, "by-hand", false, "after each VM start the same domain once more with virsh, here")
	cmd.Flags().DurationVar(&most, "at-most", 0, "with --by-hand: fail when VMs take this much longer in the median")
	cmd.Flags().StringVar(&hand.URI, "uri", "qemu:///system", "with --by-hand: libvirt")
	cmd.Flags().StringVar(&hand.Says, "up", "GUEST-UP", "with --by-hand: what a guest writes to its console when it is up")
	cmd.Flags().StringVar(&hand.Dir, "dir", "/var/tmp", "with --by-hand: folder for its disks")
	return cmd
}

// connect makes a client from the environment variables of the commands.
func connect() (*client.Client, error) {
	settings, err := client.FromEnv()
	if err != nil {
		return nil, fmt.Errorf("finding the server: %w", err)
	}
	return client.New(settings)
}
