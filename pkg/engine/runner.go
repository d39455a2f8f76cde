package engine

import (
	"context"
	"errors"

	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Runner knows how the effects of one kind of object are done.
type Runner interface {
	// Run does e and answers what the rules need to know of it. It is given
	// the same effect again after a crash, and after an error that may pass
	// (see Transient). It says how far it got through report.
	Run(ctx context.Context, e *effect.Effect, report func(Progress)) (Outcome, error)
	// Settle tells the rules how e ended, in the transaction that takes it
	// off the queue. err is what the last Run answered.
	Settle(tx *store.Tx, e *effect.Effect, out Outcome, err error) error
}

// Outcome is what a driver found out: a deploy ID, the size of an image.
type Outcome map[string]string

// Progress is how far an effect is: of Total units Done are; Total 0 is unknown.
type Progress struct {
	Done, Total int64
}

// transient marks errors that may pass.
type transient struct{ error }

func (t transient) Unwrap() error { return t.error }

// Transient marks an error as one that may pass by itself: a host that does
// not answer, a service that restarts.
func Transient(err error) error { return transient{err} }

func isTransient(err error) bool {
	var t transient
	return errors.As(err, &t)
}
