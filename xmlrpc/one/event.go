package one

import (
	"context"
	"fmt"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/hook"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/xmlrpc"
)

// update runs a rule in a transaction that also queues the hooks waiting for the call,
// so that a crash never loses one without the other.
func (s *Server) update(ctx context.Context, c *call, rule func(tx *store.Tx) (any, error)) (any, error) {
	return s.step(ctx, c, func(tx *store.Tx) (value any, last bool, err error) {
		value, err = rule(tx)
		return value, true, err
	})
}

// step is update for one transaction of a call that may take several. The rule tells
// whether it is the last, which is the one that queues the hooks.
func (s *Server) step(ctx context.Context, c *call, rule func(tx *store.Tx) (value any, last bool, err error)) (any, error) {
	var value any
	last := false
	err := s.Store.Update(ctx, func(tx *store.Tx) (err error) {
		value, last, err = rule(tx)
		if err == nil && last && c.isEvent() {
			hook.Fire(tx, c.event(envelope(c.method, value, nil)))
		}
		return err
	})
	c.fired = c.fired || err == nil && last
	return value, err
}

// tell publishes a call that has ended: to hooks, unless its own transaction queued them,
// and to the event bus.
func (s *Server) tell(ctx context.Context, c *call, answer xmlrpc.Array) {
	if !c.isEvent() {
		return
	}
	e := c.event(answer)
	if !c.fired && hook.Wanted(s.Store.Read(), e.Call) {
		err := s.Store.Update(context.WithoutCancel(ctx), func(tx *store.Tx) error { hook.Fire(tx, e); return nil })
		if err != nil {
			s.Log.Error().Err(err).Str("method", e.Call).Msg("the hooks of a call could not be queued")
		}
	}
	s.Events.Call(e)
}

// isEvent reports whether the call is published.
func (c *call) isEvent() bool {
	return c.wire != nil && c.Server.Events != nil && hook.Told(c.method.name) && strings.HasPrefix(c.method.name, "one.")
}

// Events publishes calls that have ended.
type Events interface{ Call(e hook.Event) }

// event makes an event of the call, which ended with an answer.
func (c *call) event(answer xmlrpc.Array) hook.Event {
	ok, _ := answer[0].(bool)
	return hook.Event{
		Call: c.method.name, OK: ok, Lane: c.lane(),
		Body: func(r store.Reader) []byte { return c.info(r, answer) },
	}
}

// lane keeps the hooks of calls on one object in order. A call that names no object has
// a lane of its own.
func (c *call) lane() string {
	noun, _ := c.noun()
	if len(c.wire.Args) > 1 {
		if id, ok := c.wire.Args[1].(int32); ok {
			return hook.LaneOfCall(noun, int(id))
		}
	}
	return fmt.Sprintf("call %d %s", c.wire.ID, c.method.name)
}

// noun splits the method's name into its noun and its verb.
func (c *call) noun() (noun, verb string) {
	noun, verb, _ = strings.Cut(strings.TrimPrefix(c.method.name, "one."), ".")
	return noun, verb
}
