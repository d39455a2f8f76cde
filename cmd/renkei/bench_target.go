package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/renkei-vpe/renkei/pkg/bench"
	"github.com/renkei-vpe/renkei/pkg/cli"
	"github.com/renkei-vpe/renkei/pkg/client"
)

// target is the server to measure: an existing one, or one that is started for it.
type target struct {
	endpoint, program string
	settings, always  []string // settings of the own server; those in always override others
}

func (t *target) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&t.endpoint, "endpoint", "", "measure this server, as the user of ONE_AUTH, instead of one of its own")
	cmd.Flags().StringVar(&t.program, "program", "", "program of its own server: another build of renkei, to compare with (default: this one)")
	cmd.Flags().StringArrayVar(&t.settings, "set", nil, "setting of its own server")
}

// measure calls do with the server.
func (t *target) measure(ctx context.Context, io cli.Stdio, do func(bench.Target) error) error {
	if t.endpoint == "" {
		return t.onOwn(ctx, io, do)
	}
	settings, err := client.FromEnv()
	if err != nil {
		return err
	}
	return do(bench.Target{Endpoint: t.endpoint, Session: settings.Auth})
}

// onOwn starts a server, of this program if no other is named, and removes it and its data
// afterwards.
func (t *target) onOwn(ctx context.Context, io cli.Stdio, do func(bench.Target) error) (err error) {
	program := t.program
	if program == "" {
		if program, err = os.Executable(); err != nil {
			return err
		}
	}
	own, err := bench.NewOwn(program, append(t.settings, t.always...)...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, own.Remove()) }()
	took, err := own.Start(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(io.Out, "a new server: first answer after %v, memory %d MB\n", took.Round(time.Millisecond), own.Memory()/1e6)
	return do(own.Target())
}

// restart measures how long a server takes to start with the data that it has.
func restart(ctx context.Context, io cli.Stdio, own *bench.Own) error {
	if err := own.Stop(); err != nil {
		return err
	}
	took, err := own.Start(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(io.Out, "started again on a file of %d MB: first answer after %v, memory %d MB\n",
		own.Stored()/1e6, took.Round(time.Millisecond), own.Memory()/1e6)
	return nil
}
