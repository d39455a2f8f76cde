package engine

import (
	"context"
	"errors"

	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Runner carries out the effects on a kind of object.
type Runner interface {
	// Run carries out e and returns what the rules need to know of it. It may be called again for
	// the same effect, after a crash or a temporary error (see mayPass). It reports its progress.
	Run(ctx context.Context, e *effect.Effect, report func(Progress)) (Outcome, error)
	// Settle passes the outcome to the rules, in the transaction that removes the effect from the
	// queue. err is the error of the last Run.
	Settle(tx *store.Tx, e *effect.Effect, out Outcome, err error) error
}

// Outcome is what a driver has returned, such as a deploy ID or the size of an image.
type Outcome map[string]string

// Progress is the number of units done, and their total, or 0 if unknown.
type Progress struct {
	Done, Total int64
}

// mayPass reports whether an error is temporary: the host did not answer, which errors of
// drivers/remote say. It is unknown then whether the host has done anything, but effects may be
// repeated.
func mayPass(err error) bool {
	var host interface{ Unreachable() bool }
	return errors.As(err, &host) && host.Unreachable()
}
