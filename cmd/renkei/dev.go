package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/spf13/cobra"

	"github.com/renkei-vpe/renkei/pkg/cli"
	"github.com/renkei-vpe/renkei/pkg/config"
	"github.com/renkei-vpe/renkei/pkg/server"
)

// devCommand runs a server with simulated hosts, without root, libvirt or lasting data.
func devCommand(io cli.Stdio) *cobra.Command {
	var flags serveFlags
	var hosts int
	cmd := &cobra.Command{
		Use:   "dev",
		Short: "Run a server with simulated hosts, to try things and to test against",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return dev(cmd.Context(), flags, hosts, io)
		},
	}
	flags.add(cmd)
	cmd.Flags().IntVar(&hosts, "hosts", 4, "number of simulated hosts")
	return cmd
}

func dev(ctx context.Context, flags serveFlags, hosts int, io cli.Stdio) error {
	if flags.data == "" {
		dir, err := os.MkdirTemp("", "renkei-dev-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		flags.data = dir
	}
	c, err := flags.load()
	if err != nil {
		return err
	}
	c.Markets = config.Markets{} // a simulation reaches for nothing outside
	if len(c.Dummy.PCI) == 0 {
		c.Dummy.PCI = devDevices
	}
	authFile := filepath.Join(c.Data, "one_auth")
	if err := os.Setenv("ONE_AUTH", authFile); err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	var filling sync.WaitGroup
	defer filling.Wait()
	defer stop()
	return serve(ctx, c, io, func(address string) error {
		endpoint := "http://" + address + c.Path
		fmt.Fprintf(io.Out, devText, endpoint, authFile, hosts)
		filling.Go(func() { fill(ctx, endpoint, authFile, hosts, io) })
		return nil
	})
}

// devDevices are the PCI devices of each host: a graphics card and USB controllers.
var devDevices = []string{"10de:0863:0302", "1b21:0aa7:0c03", "1b21:0aa9:0c03"}

const devText = `Renkei serves %[3]d simulated hosts.

  export ONE_XMLRPC=%[1]s ONE_AUTH=%[2]s

Try:
  renkei host list
  renkei template instantiate demo --multiple 3
  renkei vm list
`

// fill registers the hosts and what a first VM needs, through the API.
func fill(ctx context.Context, endpoint, authFile string, hosts int, io cli.Stdio) {
	if err := server.Simulate(ctx, endpoint, authFile, hosts); err != nil && !errors.Is(err, context.Canceled) {
		fmt.Fprintln(io.Err, "filling the simulation:", err)
	}
}
