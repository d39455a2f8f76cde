package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/renkei-vpe/renkei/pkg/cli"
	"github.com/renkei-vpe/renkei/pkg/client"
	"github.com/renkei-vpe/renkei/pkg/server"
)

// exitWrong is the exit status of fsck and import if the data are inconsistent.
const exitWrong = 1

func exportCommand(io cli.Stdio) *cobra.Command {
	var flags serveFlags
	cmd := &cobra.Command{
		Use:   "export DIR",
		Short: "Write all data as readable files into a new folder",
		Long: "Write all data as readable files, one for each object, into the new folder DIR. The files contain\n" +
			"secrets, and only you can read them. If a server is running on the data, it is asked to write\n" +
			"the folder on its machine, through the endpoint and session of the other commands.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			rows, err := export(cmd.Context(), flags, args[0])
			if err == nil {
				fmt.Fprintf(io.Out, "%d objects written to %s\n", rows, args[0])
			}
			return err
		},
	}
	flags.addData(cmd)
	return cmd
}

func export(ctx context.Context, flags serveFlags, dir string) (rows int, err error) {
	c, err := flags.load()
	if err != nil {
		return 0, err
	}
	m, err := server.Export(c.Data, dir)
	if !errors.Is(err, server.ErrServed) {
		return m.Total(), err
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return 0, err
	}
	answer, err := ask(ctx, "renkei.export", dir)
	return answer.ID, err
}

func fsckCommand(io cli.Stdio) *cobra.Command {
	var flags serveFlags
	var repair bool
	cmd := &cobra.Command{
		Use:   "fsck",
		Short: "Check the data for contradictions",
		Long: "Look for references to objects that do not exist, and for counters, quotas, leases, image uses, host\n" +
			"capacity and names that a recount does not confirm. With --repair, whatever has exactly one right\n" +
			"answer is repaired. A running server is asked to check itself; the data of a stopped one is opened.\n" +
			"The exit status is 0 if all is well and 1 if something is wrong.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			health, err := fsck(cmd.Context(), flags, repair)
			if err != nil {
				return err
			}
			return tell(io, health)
		},
	}
	flags.addData(cmd)
	cmd.Flags().BoolVar(&repair, "repair", false, "repair what has exactly one right answer")
	return cmd
}

func fsck(ctx context.Context, flags serveFlags, repair bool) (h server.Health, err error) {
	c, err := flags.load()
	if err != nil {
		return h, err
	}
	if h, err = server.Fsck(ctx, c.Data, repair); !errors.Is(err, server.ErrServed) {
		return h, err
	}
	answer, err := ask(ctx, "renkei.fsck", repair)
	if err != nil {
		return h, err
	}
	return h, json.Unmarshal([]byte(answer.Text), &h)
}

// tell prints what was found, and returns the exit status.
func tell(io cli.Stdio, h server.Health) error {
	for _, text := range h.Mended {
		fmt.Fprintln(io.Out, "mended:", text)
	}
	for _, text := range h.Wrong {
		fmt.Fprintln(io.Out, text)
	}
	if h.Healthy() {
		return nil
	}
	return cli.Exit(exitWrong)
}

// ask calls one of Renkei's own methods on the server that the commands use.
func ask(ctx context.Context, method string, args ...any) (client.Answer, error) {
	conf, err := client.FromEnv()
	if err != nil {
		return client.Answer{}, err
	}
	if conf.Endpoint == "" {
		conf.Endpoint = client.DefaultEndpoint
	}
	u, err := url.Parse(conf.Endpoint)
	if err != nil {
		return client.Answer{}, err
	}
	u.Path, conf.Timeout = server.OwnPath, 0 // no timeout
	conf.Endpoint = u.String()
	c, err := client.New(conf)
	if err != nil {
		return client.Answer{}, err
	}
	return c.Call(ctx, method, args...)
}
