package rvpe

import (
	"context"
	"errors"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/rvpe"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/xmlrpc"
)

// codeUncaught is the fault of Ruby's server for an error that no method expected.
const codeUncaught = 2

// handler is the path of every call of m.
func (s *Server) handler(m method) xmlrpc.Handler {
	return func(ctx context.Context, wire *xmlrpc.Call) (any, error) {
		session, ok := wire.Args[0].(string)
		if !ok {
			return nil, xmlrpc.Faultf(codeUncaught, "Uncaught exception the session is not a string in method %s", m.name)
		}
		value, err := s.serve(ctx, m, session, wire)
		if err != nil {
			return s.refusal(m, wire, err), nil
		}
		wire.Result = "SUCCESS"
		if value == handedThrough {
			return xmlrpc.Array{true}, nil
		}
		return xmlrpc.Array{true, value}, nil
	}
}

func (s *Server) serve(ctx context.Context, m method, session string, wire *xmlrpc.Call) (any, error) {
	c, err := s.enter(ctx, session)
	if err != nil {
		return nil, err
	}
	wire.User, c.Caller.ReqID, c.args = c.Caller.UName, wire.ID, wire.Args[1:]
	if m.admin && !c.isAdmin() {
		return nil, refuse("Not the administrator: %s", c.Caller.UName)
	}
	return m.do(ctx, s, c)
}

// enter authenticates a member. Like RENKEI-VPE it first looks for the name, with an error
// of its own, and then checks the session.
func (s *Server) enter(ctx context.Context, session string) (*call, error) {
	name, _, _ := strings.Cut(session, ":")
	snap := s.Store.Read()
	member, ok := rvpe.MemberNamed(snap, name)
	switch {
	case !ok:
		return nil, refuse("User is not found: %s", name)
	case member.Disabled:
		return nil, refuse("User is not enabled: %s", name)
	}
	caller, err := s.Users.AuthenticateOld(ctx, session)
	if err != nil || caller.UID != member.UID {
		return nil, refuse("Authentication failed: %s", name)
	}
	return &call{Caller: caller, Member: member, Snap: snap}, nil
}

// refusal is the answer to a call that failed. An error that is not meant for callers goes to
// the log in full.
func (s *Server) refusal(m method, wire *xmlrpc.Call, err error) any {
	var e *one.Error
	if !errors.As(err, &e) {
		s.Log.Error().Err(err).Uint64("req", wire.ID).Str("method", m.name).Msg("call failed")
		e = one.Errorf(one.CodeInternal, "Internal error: the server's log has the reason, under request %d.", wire.ID)
	}
	wire.Result = e.Msg
	return xmlrpc.Array{false, e.Msg}
}

// refuse is an error in RENKEI-VPE's words.
func refuse(format string, args ...any) error { return one.Errorf(one.CodeAction, format, args...) }

// change turns a rule into a method that runs it in one transaction.
func change(rule func(tx *store.Tx, s *Server, c *call) (any, error)) func(context.Context, *Server, *call) (any, error) {
	return func(ctx context.Context, s *Server, c *call) (value any, err error) {
		err = s.Store.Update(ctx, func(tx *store.Tx) (err error) {
			value, err = rule(tx, s, c)
			return err
		})
		return value, err
	}
}

// quietly is change for a rule without an answer.
func quietly(rule func(tx *store.Tx, s *Server, c *call) error) func(context.Context, *Server, *call) (any, error) {
	return change(func(tx *store.Tx, s *Server, c *call) (any, error) { return nothing, rule(tx, s, c) })
}

// look turns a function that only reads into a method.
func look(read func(s *Server, c *call) (any, error)) func(context.Context, *Server, *call) (any, error) {
	return func(_ context.Context, s *Server, c *call) (any, error) { return read(s, c) }
}
