package one

import (
	"context"
	"fmt"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/hook"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/xmlrpc"
)

// update runs a rule in a transaction, with which the hooks that wait for the
// call become due: a crash loses neither without the other.
func (s *Server) update(ctx context.Context, c *call, rule func(tx *store.Tx) (any, error)) (any, error) {
	return s.step(ctx, c, func(tx *store.Tx) (value any, last bool, err error) {
		value, err = rule(tx)
		return value, true, err
	})
}

// step is update for one transaction of a call that may take several: the rule
// tells whether it is the last, with which the hooks become due.
func (s *Server) step(ctx context.Context, c *call, rule func(tx *store.Tx) (value any, last bool, err error)) (any, error) {
	var value any
	last := false
	err := s.Store.Update(ctx, func(tx *store.Tx) (err error) {
		value, last, err = rule(tx)
		if err == nil && last && c.told() {
			hook.Fire(tx, c.event(envelope(c.method, value, nil)))
		}
		return err
	})
	c.fired = c.fired || err == nil && last
	return value, err
}

// tell lets everybody know of a call that has ended: hooks, unless its own
// transaction did that, and the event bus.
func (s *Server) tell(ctx context.Context, c *call, answer xmlrpc.Array) {
	if !c.told() {
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

// told tells whether the call is one that others hear of.
func (c *call) told() bool {
	return c.wire != nil && c.Server.Events != nil && hook.Told(c.method.name) && strings.HasPrefix(c.method.name, "one.")
}

// Events is told of calls that have ended.
type Events interface{ Call(e hook.Event) }

// event is the event that the call is, when it ends with an answer.
func (c *call) event(answer xmlrpc.Array) hook.Event {
	ok, _ := answer[0].(bool)
	return hook.Event{
		Call: c.method.name, OK: ok, Lane: c.lane(),
		Body: func(r store.Reader) []byte { return c.info(r, answer) },
	}
}

// lane keeps calls on one object in order. Calls that name none are each a lane
// of their own.
func (c *call) lane() string {
	noun, _ := c.noun()
	if len(c.wire.Args) > 1 {
		if id, ok := c.wire.Args[1].(int32); ok {
			return hook.LaneOfCall(noun, int(id))
		}
	}
	return fmt.Sprintf("call %d %s", c.wire.ID, c.method.name)
}

// noun splits the method's name.
func (c *call) noun() (noun, verb string) {
	noun, verb, _ = strings.Cut(strings.TrimPrefix(c.method.name, "one."), ".")
	return noun, verb
}
