package one

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/zone"
	"github.com/renkei-vpe/renkei/xmlrpc"
)

// handler is the path of every call of m. oned authenticates the caller before it looks
// at the arguments, so a wrong session is refused first.
func (s *Server) handler(m method) xmlrpc.Handler {
	return func(ctx context.Context, wire *xmlrpc.Call) (any, error) {
		value, err := s.serve(ctx, m, wire)
		var fault *xmlrpc.Fault
		if errors.As(err, &fault) {
			wire.Result = fault.Text
			return nil, fault
		}
		answer := envelope(m, value, err)
		wire.Result = "SUCCESS"
		if err != nil {
			wire.Result, _ = answer[1].(string)
		}
		return answer, nil
	}
}

// serve carries out a call and publishes it as an event. A call that is refused because
// of its session or its arguments never began, and is no event.
func (s *Server) serve(ctx context.Context, m method, wire *xmlrpc.Call) (any, error) {
	c, err := s.enter(ctx, m, wire)
	if err != nil {
		return nil, s.meant(m, wire, err)
	}
	value, err := s.perform(ctx, m, c)
	if err = s.meant(m, wire, err); !isFault(err) {
		s.tell(ctx, c, envelope(m, value, err))
	}
	return value, err
}

func isFault(err error) bool {
	var fault *xmlrpc.Fault
	return errors.As(err, &fault)
}

// perform checks the rights that the call needs, and carries it out.
func (s *Server) perform(ctx context.Context, m method, c *call) (any, error) {
	if m.may != nil {
		asks, err := m.may(c)
		if err != nil {
			return nil, err
		}
		if err := acl.Check(c.Snap, c.Caller, asks...); err != nil {
			return nil, err
		}
	}
	value, err := m.do(ctx, s, c)
	return value, c.blame(err)
}

// blame names the caller in a refusal by a rule. Rules that check quotas, for example,
// know whose limit it is, but not who is calling.
func (c *call) blame(err error) error {
	var e *one.Error
	if !errors.As(err, &e) || e.Code != one.CodeAuthorization || strings.HasPrefix(e.Msg, "User [") {
		return err
	}
	return one.Errorf(e.Code, "User [%d] : %s", c.Caller.UID, e.Msg).At(e.ID)
}

// enter authenticates the caller and checks the types of the arguments.
func (s *Server) enter(ctx context.Context, m method, wire *xmlrpc.Call) (*call, error) {
	if len(wire.Args) == 0 {
		return nil, xmlrpc.FaultNoParameters()
	}
	session, _ := wire.Args[0].(string)
	caller, err := s.Users.Authenticate(ctx, session)
	if err != nil {
		return nil, err
	}
	caller.ReqID, wire.User = wire.ID, caller.UName
	snap := s.Store.Read()
	if zone.IsDisabled(snap) && !answersWhileDisabled(m.name) {
		return nil, one.Errorf(one.CodeInternal, "Cannot process request, zone disabled")
	}
	args, err := xmlrpc.CheckArgsFromLast(m.params, wire.Args[1:], m.ahead...)
	if err != nil {
		return nil, err
	}
	return &call{Server: s, Caller: caller, Snap: snap, args: args, method: m, wire: wire}, nil
}

// meant answers errors that are meant for callers as they are. Any other error goes to
// the log in full, and the caller gets an internal error in its place.
func (s *Server) meant(m method, wire *xmlrpc.Call, err error) error {
	var e *one.Error
	if err == nil || isFault(err) || errors.As(err, &e) {
		return err
	}
	s.Log.Error().Err(err).Uint64("req", wire.ID).Str("method", m.name).Msg("call failed")
	return one.Errorf(one.CodeInternal, "Internal error: the server's log has the reason, under request %d.", wire.ID)
}

// envelope wraps a value or an error as oned does.
func envelope(m method, value any, err error) xmlrpc.Array {
	var e *one.Error
	if errors.As(err, &e) {
		return xmlrpc.Array{false, fmt.Sprintf("[%s] %s", m.name, e.Msg), int32(e.Code), int32(e.ID), int64(-1)}
	}
	return xmlrpc.Array{true, value, int32(one.CodeSuccess)}
}
