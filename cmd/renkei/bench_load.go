package main

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"time"

	"github.com/spf13/cobra"

	"github.com/renkei-vpe/renkei/pkg/bench"
	"github.com/renkei-vpe/renkei/pkg/cli"
	"github.com/renkei-vpe/renkei/pkg/client"
)

// callsRun is one `renkei bench calls`.
type callsRun struct {
	bench.Calls
	endpoint, only, program string
	settings                []string
	floors, large           bool
}

func benchCallsCommand(io cli.Stdio) *cobra.Command {
	b := callsRun{Calls: bench.Calls{Out: io.Out}}
	cmd := &cobra.Command{
		Use:   "calls",
		Short: "Fill a server with VMs on simulated hosts and measure calls by one and by many clients",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return b.run(cmd, io) },
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
	cmd.Flags().StringVar(&b.endpoint, "endpoint", "", "measure this server, as the user of ONE_AUTH, instead of one of its own")
	cmd.Flags().StringVar(&b.program, "program", "", "program of its own server: another build of renkei, to compare with (default: this one)")
	cmd.Flags().StringArrayVar(&b.settings, "set", nil, "setting of its own server")
	cmd.MarkFlagsMutuallyExclusive("template", "large")
	return cmd
}

func (b *callsRun) run(cmd *cobra.Command, io cli.Stdio) (err error) {
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
	if b.endpoint != "" {
		if b.Target, err = named(b.endpoint); err != nil {
			return err
		}
		return b.Run(cmd.Context())
	}
	return b.runOnOwn(cmd, io)
}

// runOnOwn measures a server that is started for it, and how long that takes to
// start again on what it has then.
func (b *callsRun) runOnOwn(cmd *cobra.Command, io cli.Stdio) error {
	return withOwn(cmd, io, b.program, append(b.settings, "scheduler.enabled=false"), func(own *bench.Own) error {
		b.Target = own.Target()
		if err := b.Run(cmd.Context()); err != nil {
			return err
		}
		return restart(cmd, io, own)
	})
}

func benchPlaceCommand(io cli.Stdio) *cobra.Command {
	p := bench.Place{Out: io.Out}
	var endpoint, program string
	var settings []string
	cmd := &cobra.Command{
		Use:   "place",
		Short: "Measure how long pending VMs take to run on simulated hosts",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			if endpoint != "" {
				if p.Target, err = named(endpoint); err != nil {
					return err
				}
				return p.Run(cmd.Context())
			}
			return withOwn(cmd, io, program, settings, func(own *bench.Own) error {
				p.Target = own.Target()
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
	cmd.Flags().StringVar(&endpoint, "endpoint", "", "measure this server, as the user of ONE_AUTH, instead of one of its own")
	cmd.Flags().StringVar(&program, "program", "", "program of its own server: another build of renkei, to compare with (default: this one)")
	cmd.Flags().StringArrayVar(&settings, "set", nil, "setting of its own server")
	return cmd
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

// named is a server that somebody else runs.
func named(endpoint string) (bench.Target, error) {
	settings, err := client.FromEnv()
	return bench.Target{Endpoint: endpoint, Session: settings.Auth}, err
}

// withOwn starts a server, of this program if no other is named, and leaves nothing of it.
func withOwn(cmd *cobra.Command, io cli.Stdio, program string, settings []string, do func(*bench.Own) error) (err error) {
	if program == "" {
		if program, err = os.Executable(); err != nil {
			return err
		}
	}
	own, err := bench.NewOwn(program, settings...)
	if err != nil {
		return err
	}
	defer func() {
		if e := own.Remove(); err == nil {
			err = e
		}
	}()
	took, err := own.Start(cmd.Context())
	if err != nil {
		return err
	}
	fmt.Fprintf(io.Out, "a new server: first answer after %v, memory %d MB\n", took.Round(time.Millisecond), own.Memory()/1e6)
	return do(own)
}

// restart tells how long a server takes to start on what it has.
func restart(cmd *cobra.Command, io cli.Stdio, own *bench.Own) error {
	if err := own.Stop(); err != nil {
		return err
	}
	took, err := own.Start(cmd.Context())
	if err != nil {
		return err
	}
	fmt.Fprintf(io.Out, "started again on a file of %d MB: first answer after %v, memory %d MB\n",
		own.Stored()/1e6, took.Round(time.Millisecond), own.Memory()/1e6)
	return nil
}
