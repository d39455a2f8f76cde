// Command renkei is the server and all its commands. If it is called by the name of a command
// of OpenNebula (onevm, oneimage …) or RENKEI-VPE (rvpevm, rvpeimage …, vmkiller), it is
// that command.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/renkei-vpe/renkei/pkg/cli"
	"github.com/renkei-vpe/renkei/pkg/cli/rvpe"
	"github.com/renkei-vpe/renkei/pkg/replay"
)

func main() { os.Exit(run(os.Args, cli.Std())) }

func run(args []string, io cli.Stdio) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if code, ok := cli.Run(ctx, args, io); ok {
		return code
	}
	if code, ok := rvpe.Run(ctx, args, io); ok {
		return code
	}
	return cli.Execute(ctx, root(io), args[1:], io)
}

// root is the command renkei.
func root(io cli.Stdio) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "renkei",
		Short:   "An OpenNebula front end in one program",
		Version: version,
	}
	cmd.AddCommand(serveCommand(io), devCommand(io), linkCommand(), benchCommand(io), replay.Command())
	cmd.AddCommand(exportCommand(io), importCommand(io), fsckCommand(io))
	cmd.AddCommand(cli.Nouns(io)...)
	return cmd
}

// version is set by the linker.
var version = "development"
