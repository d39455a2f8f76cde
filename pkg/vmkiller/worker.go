package vmkiller

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/rs/zerolog"

	"github.com/renkei-vpe/renkei/pkg/pause"
	"github.com/renkei-vpe/renkei/pkg/rvpe"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Worker shuts VMs down.
type Worker struct {
	Store *store.Store
	Core  rvpe.Core
	Life  time.Duration // how long a VM may run
	Every time.Duration // pause between two checks
	// Exceptions is a file with the names of users whose VMs are never shut down, one per line.
	// It is read at each check; if it does not exist, there are no exceptions.
	Exceptions string
	Clock      func() time.Time
	Log        zerolog.Logger

	refused map[int]string // errors of VMs that could not be shut down, so that each is logged once
}

// Run checks now and at intervals until ctx ends.
func (w *Worker) Run(ctx context.Context) {
	pause.Every(ctx, w.Every, func(ctx context.Context) {
		if err := w.Check(ctx); err != nil && ctx.Err() == nil {
			w.Log.Error().Err(err).Msg("looking for VMs that have run for too long")
		}
	})
}

// Check shuts down VMs that have run for too long. If the exceptions cannot be read, no VM is
// shut down.
func (w *Worker) Check(ctx context.Context) error {
	spared, err := w.spared()
	if err != nil {
		return err
	}
	refused := map[int]string{}
	for _, k := range rvpe.Overdue(w.Store.Read(), w.Clock().Add(-w.Life), spared) {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err := w.kill(ctx, k); err != nil {
			refused[k.ID] = err.Error()
		}
	}
	w.refused = refused
	return nil
}

func (w *Worker) kill(ctx context.Context, k *rvpe.Machine) error {
	err := w.Store.Update(ctx, func(tx *store.Tx) error { return rvpe.Shutdown(tx, k.ID, w.Core) })
	switch {
	case err == nil:
		w.Log.Info().Int("vm", k.VMID).Int("rvpe_vm", k.ID).Str("user", k.Member).Dur("life", w.Life).Msg("VM has run for too long and is shut down")
	case w.refused[k.ID] != err.Error() && ctx.Err() == nil:
		w.Log.Warn().Err(err).Int("vm", k.VMID).Int("rvpe_vm", k.ID).Str("user", k.Member).Msg("VM has run for too long and is not shut down")
	}
	return err
}

// spared are the users whose VMs are never shut down.
func (w *Worker) spared() (users []string, err error) {
	text, err := os.ReadFile(w.Exceptions)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	for name := range strings.Lines(string(text)) {
		users = append(users, strings.TrimRight(name, "\r\n"))
	}
	return users, err
}
