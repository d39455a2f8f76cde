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
	// (see mayPass). It says how far it got through report.
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

// mayPass tells whether a failure may pass by itself: its error says that a host
// did not answer, as that of drivers/remote does. Whether something was done there
// nobody knows, and every effect may be repeated.
func mayPass(err error) bool {
	var host interface{ Unreachable() bool }
	return errors.As(err, &host) && host.Unreachable()
}
