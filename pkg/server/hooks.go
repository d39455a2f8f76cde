package server

import (
	"context"
	"errors"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/remote"
	"github.com/renkei-vpe/renkei/pkg/hook"
	"github.com/renkei-vpe/renkei/pkg/hookrun"
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
	"github.com/renkei-vpe/renkei/xmlrpc/one/render"
)

// drawings render the objects in events as the API shows them.
func drawings() hook.Drawings {
	return hook.Drawings{VM: drawn(render.VM), Host: drawn(render.Host), Image: drawn(render.Image), Net: drawn(render.VNetInPool)}
}

func drawn[T vm.VM | host.Host | image.Image | network.VNet](write func(*render.Writer, store.Reader, *T)) func(store.Reader, *T) []byte {
	return func(r store.Reader, v *T) []byte {
		var w render.Writer
		write(&w, r, v)
		return w
	}
}

// hookRunner runs hooks with the remote commands that reach hosts.
func (s *Server) hookRunner() *hookrun.Runner {
	c := s.config.Hooks
	dir := s.folder(c.Dir, "remotes", "hooks")
	return &hookrun.Runner{
		Store: s.store, IsLocal: s.drivers.isLocal, Execute: executeOn(s.drivers.runner), Log: s.log,
		Settings: hookrun.Settings{Dir: dir, RemoteDir: c.RemoteDir, Timeout: c.Timeout, Retention: c.LogRetention},
	}
}

// executeOn runs a hook's command. If it fails, that is its exit status, not an error.
func executeOn(runner *remote.Runner) func(context.Context, drivers.Host, hookrun.Command) (int, error) {
	return func(ctx context.Context, h drivers.Host, c hookrun.Command) (int, error) {
		_, err := runner.Run(ctx, h, remote.Cmd{Args: c.Args, Stdin: c.Stdin, Stdout: c.Stdout, Stderr: c.Stderr})
		var exit *remote.ExitError
		switch {
		case errors.As(err, &exit) && exit.Status >= 0:
			return exit.Status, nil
		case err != nil:
			return -1, err
		}
		return 0, nil
	}
}
