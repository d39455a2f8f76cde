package transfer

import (
	"context"
	"errors"
	"os"
	"strings"
	"time"

	"github.com/rs/zerolog"

	"github.com/renkei-vpe/renkei/pkg/pause"
	"github.com/renkei-vpe/renkei/pkg/rvpe"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// Cleaner deletes old sessions that were not ended, and keys of VMs that are DONE.
type Cleaner struct {
	Store  *store.Store
	Depot  *Depot
	Guests *Guests
	Life   time.Duration // how old sessions may become
	Every  time.Duration // pause between two runs
	Clock  func() time.Time
	Log    zerolog.Logger
}

// Run cleans now and at intervals until ctx ends.
func (c *Cleaner) Run(ctx context.Context) {
	pause.Every(ctx, c.Every, func(ctx context.Context) {
		if err := c.Clean(ctx); err != nil && ctx.Err() == nil {
			c.Log.Error().Err(err).Msg("cleaning up after transfers")
		}
	})
}

// Clean deletes old sessions with their files, files without sessions, and keys without VMs.
func (c *Cleaner) Clean(ctx context.Context) error {
	return errors.Join(c.cleanTransfers(ctx), c.Guests.Clean(c.keysInUse(), c.Clock().Add(-keyGrace)))
}

// keyGrace is longer than the time between storing a key and allocating its VM.
const keyGrace = 10 * time.Minute

// keysInUse are the context files of VMs that are not DONE.
func (c *Cleaner) keysInUse() map[string]bool {
	used := map[string]bool{}
	for row := range vm.ByLife.Find(c.Store.Read(), vm.Alive) {
		if context := row.Val.Template.Vector("CONTEXT"); context != nil {
			for _, path := range strings.Fields(context.Get("FILES")) {
				used[path] = true
			}
		}
	}
	return used
}

func (c *Cleaner) cleanTransfers(ctx context.Context) error {
	before := c.Clock().Add(-c.Life).Unix()
	var old []*rvpe.Transfer
	kept := map[string]bool{}
	for t := range rvpe.Transfers(c.Store.Read()) {
		if t.Began < before {
			old = append(old, t)
		} else if t.Put {
			kept[c.Depot.Path(t.Name)] = true
		}
	}
	if len(old) > 0 {
		err := c.Store.Update(ctx, func(tx *store.Tx) error {
			for _, t := range old {
				rvpe.ForgetTransfer(tx, t.Name)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return c.removeStrays(kept, before)
}

// removeStrays deletes files that belong to no session, unless they are new.
func (c *Cleaner) removeStrays(kept map[string]bool, before int64) error {
	entries, err := os.ReadDir(c.Depot.Dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	var errs []error
	for _, e := range entries {
		info, err := e.Info()
		path := c.Depot.Path(e.Name())
		if err != nil || kept[path] || info.ModTime().Unix() >= before {
			continue
		}
		c.Log.Info().Str("file", path).Msg("removing what is left of a transfer")
		errs = append(errs, c.Depot.Remove(path))
	}
	return errors.Join(append(errs, err)...)
}
