package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/renkei-vpe/renkei/pkg/cli"
	"github.com/renkei-vpe/renkei/pkg/cli/rvpe"
)

// linkCommand makes links with the names onevm, oneimage …, rvpevm, rvpeimage … and
// vmkiller to this program.
func linkCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "link DIR",
		Short: "Create links in DIR by which OpenNebula's and RENKEI-VPE's commands run this program",
		Args:  cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			self, err := os.Executable()
			if err != nil {
				return fmt.Errorf("finding this program: %w", err)
			}
			return cli.Link(args[0], self, rvpe.Names()...)
		},
	}
}
