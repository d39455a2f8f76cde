package main

import (
	"context"
	"errors"
	"os"
	"regexp"
	"time"

	"github.com/spf13/cobra"

	"github.com/renkei-vpe/renkei/pkg/bench"
	"github.com/renkei-vpe/renkei/pkg/cli"
)

// callsRun is a run of `renkei bench calls`.
type callsRun struct {
	bench.Calls
	on            target
	only          string
	floors, large bool
}

func benchCallsCommand(io cli.Stdio) *cobra.Command {
	b := callsRun{Calls: bench.Calls{Out: io.Out}, on: target{always: []string{"scheduler.enabled=false"}}}
	cmd := &cobra.Command{
		Use:   "calls",
		Short: "Fill a server with VMs on simulated hosts and measure calls by one and by many clients",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return b.run(cmd.Context(), io) },
	}
	cmd.Flags().IntVar(&b.Size.VMs, "vms", 20_000, "VMs to make, on hold")
	cmd.Flags().IntVar(&b.Size.Hosts, "hosts", 100, "simulated hosts to make")
	cmd.Flags().StringVar(&b.Size.VM, "template", "", "template of a VM (default: one with a disk)")
	cmd.Flags().BoolVar(&b.large, "large", false, "VMs with a disk, a NIC with a lease, a context")
	cmd.Flags().BoolVar(&b.Size.Present, "present", false, "make nothing: take what is there")
	cmd.Flags().DurationVar(&b.Each, "each", 3*time.Second, "how long each line is measured")
	cmd.Flags().IntVar(&b.Mix, "mix", 300, "calls per second of the official mix; 0 leaves it out")
	cmd.Flags().BoolVar(&b.floors, "floors", false, "also measure an empty handler in a process of its own that answers the same bytes")
	cmd.Flags().StringVar(&b.only, "only", "", "regular expression: the calls to measure")
	cmd.MarkFlagsMutuallyExclusive("template", "large")
	b.on.add(cmd)
	return cmd
}

func (b *callsRun) run(ctx context.Context, io cli.Stdio) (err error) {
	if b.only != "" {
		if b.Only, err = regexp.Compile(b.only); err != nil {
			return err
		}
	}
	if b.large {
		b.Size.VM = bench.LargeVM
	}
	if b.floors {
		if b.Floor, err = startEmpty(); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, b.Floor.Stop()) }()
	}
	return b.on.measure(ctx, io, func(t bench.Target) error {
		b.Target = t
		if err := b.Run(ctx); err != nil || t.Own == nil {
			return err
		}
		return restart(ctx, io, t.Own)
	})
}

// startEmpty starts this program as the empty handler.
func startEmpty() (*bench.Empty, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return bench.StartEmpty(program, "bench", "empty")
}

func benchEmptyCommand(io cli.Stdio) *cobra.Command {
	return &cobra.Command{
		Use:    "empty",
		Short:  "Answer with as many bytes as the path says: the floor of bench calls",
		Args:   cobra.NoArgs,
		Hidden: true,
		RunE:   func(*cobra.Command, []string) error { return bench.ServeEmpty(io.In, io.Out) },
	}
}
