package one

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/hook"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/xmlrpc"
	"github.com/renkei-vpe/renkei/xmlrpc/one/render"
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

// info is CALL_INFO: what went in, what came out, and the object that was made
// or is gone.
func (c *call) info(r store.Reader, answer xmlrpc.Array) []byte {
	var w render.Writer
	w.Open("CALL_INFO")
	w.Bool("RESULT", answer[0] == true)
	w.Open("PARAMETERS")
	for i, v := range c.wire.Args {
		parameter(&w, i+1, "IN", c.shown(i, plain(v)))
	}
	for i := range answer[:min(len(answer), 4)] {
		parameter(&w, i+1, "OUT", c.result(answer, i))
	}
	w.Close("PARAMETERS")
	w.Open("EXTRA")
	w = append(w, c.extra(r, answer)...)
	w.Close("EXTRA")
	w.Close("CALL_INFO")
	return w
}

// shown hides what is secret: the session, and passwords.
func (c *call) shown(i int, value string) string {
	if i == 0 || i == c.method.secret {
		return "****"
	}
	return value
}

// result is a value of the answer. Unlike oned we do not tell everybody the
// token that a login made.
func (c *call) result(answer xmlrpc.Array, i int) string {
	if b, ok := answer[i].(bool); ok {
		return strconv.FormatBool(b)
	}
	if i == 1 && c.method.name == "one.user.login" && answer[0] == true {
		return "****"
	}
	return plain(answer[i])
}

func parameter(w *render.Writer, position int, direction, value string) {
	w.Open("PARAMETER")
	w.Int("POSITION", int64(position))
	w.Text("TYPE", direction)
	w.Open("VALUE")
	*w = append(*w, inXML(value)...)
	w.Close("VALUE")
	w.Close("PARAMETER")
}

// inXML leaves text that is XML as it is, so that a template becomes part of
// the document, as with oned; whatever would break the document is escaped.
func inXML(s string) []byte {
	if strings.ContainsAny(s, "<&") && wellFormed(s) {
		return []byte(s)
	}
	return xmlrpc.AppendEscaped(nil, s)
}

// plain writes a value as oned's streams do.
func plain(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case bool:
		if v {
			return "1"
		}
		return "0"
	case float64:
		return strconv.FormatFloat(v, 'g', 6, 64)
	case xmlrpc.Text:
		return unescaped(v)
	case string, int, int32, int64:
		return fmt.Sprint(v)
	}
	return "" // arrays: oned's parameters have no text for them
}
