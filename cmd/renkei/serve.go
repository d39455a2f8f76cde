package main

import (
	"context"
	"errors"
	"os"
	"runtime/debug"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/renkei-vpe/renkei/pkg/cli"
	"github.com/renkei-vpe/renkei/pkg/config"
	"github.com/renkei-vpe/renkei/pkg/server"
)

// serveFlags are the settings that have a flag of their own.
type serveFlags struct {
	file, data, listen string
	set                []string
}

func (f *serveFlags) add(cmd *cobra.Command) {
	f.addData(cmd)
	cmd.Flags().StringVar(&f.listen, "listen", "", "address and port of the API (default 127.0.0.1:2633)")
	cmd.Flags().StringArrayVar(&f.set, "set", nil, "a setting, such as scheduler.enabled=false; may be repeated")
}

// addData adds the flags that say where the data is.
func (f *serveFlags) addData(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.file, "config", "", "YAML file of settings")
	cmd.Flags().StringVar(&f.data, "data", "", "folder of all data (default ./var)")
}

// load returns the settings; flags override the file.
func (f *serveFlags) load() (config.Config, error) {
	overrides := f.set
	if f.data != "" {
		overrides = append(overrides, "data="+f.data)
	}
	if f.listen != "" {
		overrides = append(overrides, "listen="+f.listen)
	}
	if err := config.CheckEnv(os.Environ()); err != nil {
		return config.Config{}, err
	}
	return config.Load(f.file, overrides, os.LookupEnv)
}

func serveCommand(io cli.Stdio) *cobra.Command {
	var flags serveFlags
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run the server",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := flags.load()
			if err != nil {
				return err
			}
			return serve(cmd.Context(), c, io, nil)
		},
	}
	flags.add(cmd)
	return cmd
}

// beThrifty makes the garbage collector run more often than usual, because most of the server's
// memory is live and grows with the store. GOGC overrides it.
func beThrifty() {
	const percent = 50
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(percent)
	}
}

// serve runs a server. ready, if given, is called once it listens.
func serve(ctx context.Context, c config.Config, io cli.Stdio, ready func(address string) error) error {
	beThrifty()
	s, err := server.New(c, server.Logger(c.Log, io.Err, isTerminal(io.Err)))
	if err != nil {
		return err
	}
	l, err := s.Listen()
	if err != nil {
		return errors.Join(err, s.Close())
	}
	if ready != nil {
		if err := ready(l.Addr().String()); err != nil {
			return errors.Join(err, s.Close(), l.Close())
		}
	}
	return s.Run(ctx, l)
}

func isTerminal(w any) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
