package cli_test

import (
	"context"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/renkei-vpe/renkei/pkg/cli"
)

// run is a whole program, as cmd/renkei makes it: args[0] is the name it was called by.
func run(ctx context.Context, args []string, io cli.Stdio) int {
	root, ok := cli.ForName(args[0], io)
	if !ok {
		root = &cobra.Command{Use: filepath.Base(args[0])}
		root.AddCommand(cli.Nouns(io)...)
	}
	return cli.Execute(ctx, root, args[1:], io)
}
