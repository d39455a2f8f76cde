package one

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/xmlrpc"
)

// handler is the way of every call of m. oned asks who calls before it looks
// at the arguments, so a wrong session is refused first.
func (s *Server) handler(m method) xmlrpc.Handler {
	return func(ctx context.Context, wire *xmlrpc.Call) (any, error) {
		value, err := s.serve(ctx, m, wire)
		var fault *xmlrpc.Fault
		if errors.As(err, &fault) {
			wire.Result = fault.Text
			return nil, fault
		}
		if err != nil {
			return s.refusal(m, wire, err), nil
		}
		wire.Result = "SUCCESS"
		return xmlrpc.Array{true, value, int32(one.CodeSuccess)}, nil
	}
}

func (s *Server) serve(ctx context.Context, m method, wire *xmlrpc.Call) (any, error) {
	c, err := s.enter(ctx, m, wire)
	if err != nil {
		return nil, err
	}
	wire.User = c.Caller.UName
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

// blame names the caller in a refusal that a rule answered: rules that check
// quotas, say, know whose limit it is, and not who calls.
func (c *call) blame(err error) error {
	var e *one.Error
	if !errors.As(err, &e) || e.Code != one.CodeAuthorization || strings.HasPrefix(e.Msg, "User [") {
		return err
	}
	return one.Errorf(e.Code, "User [%d] : %s", c.Caller.UID, e.Msg).At(e.ID)
}

// enter authenticates and takes the arguments.
func (s *Server) enter(ctx context.Context, m method, wire *xmlrpc.Call) (*call, error) {
	if len(wire.Args) == 0 {
		return nil, xmlrpc.FaultNoParameters()
	}
	session, _ := wire.Args[0].(string)
	caller, err := s.Users.Authenticate(ctx, session)
	if err != nil {
		return nil, err
	}
	caller.ReqID = wire.ID
	args, err := xmlrpc.CheckArgs(m.params, wire.Args[1:])
	if err != nil {
		return nil, err
	}
	return &call{Server: s, Caller: caller, Snap: s.Store.Read(), args: args}, nil
}

// refusal is the envelope of a call that failed. What is not meant for callers
// goes to the log, in full.
func (s *Server) refusal(m method, wire *xmlrpc.Call, err error) any {
	var e *one.Error
	if !errors.As(err, &e) {
		s.Log.Error().Err(err).Uint64("req", wire.ID).Str("method", m.name).Msg("call failed")
		e = one.Errorf(one.CodeInternal, "Internal error: the server's log has the reason, under request %d.", wire.ID)
	}
	text := fmt.Sprintf("[%s] %s", m.name, e.Msg)
	wire.Result = text
	return xmlrpc.Array{false, text, int32(e.Code), int32(e.ID), int64(-1)}
}
