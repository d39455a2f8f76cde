// Package effect is the queue between deciding and doing. A rule that wants
// something done on a host puts an Effect into its transaction; the engine
// carries it out and reports the outcome in another transaction, which takes
// the Effect away. What is in this table after a crash was not finished, and is
// done again: every effect is safe to repeat.
package effect

import (
	"time"

	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Effect is one thing to be done outside.
type Effect struct {
	ID     int      `cbor:"1,keyasint"`           // order of creation
	Kind   one.Kind `cbor:"2,keyasint"`           // kind of the object it is done for
	Object int      `cbor:"3,keyasint"`           // its ID; effects of one object run one by one, in order
	Op     string   `cbor:"4,keyasint"`           // what to do: a name that the kind's runner knows
	Host   int      `cbor:"5,keyasint"`           // where, for the limits per host: a host's ID, FrontEnd or HookRunner
	Args   Args     `cbor:"6,keyasint,omitempty"` // what else the operation needs
	Queued int64    `cbor:"7,keyasint"`           // when, in seconds since 1970
	Lane   string   `cbor:"8,keyasint,omitempty"` // when not "": what it runs one by one with, instead of the object's
}

// Places that are no hosts, with limits of their own.
const (
	FrontEnd   = -1
	HookRunner = -2 // where hooks run: a script that hangs keeps no image from being copied
)

// Args are the parameters of an operation.
type Args map[string]string

// Clone implements store.Cloner. Args are never changed once queued.
func (e *Effect) Clone() *Effect { c := *e; return &c }

// ByObject finds the effects of an object.
var ByObject = store.NewIndex(func(e *Effect) []string { return []string{target(e.Kind, e.Object)} })

// Table is the queue.
var Table = store.NewTable("effect", ByObject)

// Put queues an effect behind those that the object has already.
func Put(tx *store.Tx, e Effect) {
	e.ID, e.Queued = tx.Next("effect", 0), tx.Now.Unix()
	Table.Put(tx, store.ID(e.ID), &e)
}

// Cancel takes back all effects of an object. One that is under way has its
// context cancelled; its outcome is not reported.
func Cancel(tx *store.Tx, kind one.Kind, object int) {
	for _, e := range Of(tx, kind, object) {
		Table.Delete(tx, store.ID(e.ID))
	}
}

// Of lists the effects of an object, in order.
func Of(r store.Reader, kind one.Kind, object int) []*Effect {
	var list []*Effect
	for row := range ByObject.Find(r, target(kind, object)) {
		list = append(list, row.Val)
	}
	return list
}

// Done takes a finished effect away. It answers false when the effect was
// cancelled meanwhile: then its outcome must not be reported.
func Done(tx *store.Tx, id int) (*Effect, bool) {
	e, ok := Table.Get(tx, store.ID(id))
	if ok {
		Table.Delete(tx, store.ID(id))
	}
	return e, ok
}

// Age is how long an effect has waited or run.
func (e *Effect) Age(now time.Time) time.Duration { return now.Sub(time.Unix(e.Queued, 0)) }
