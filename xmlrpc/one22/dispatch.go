package one22

import (
	"context"
	"errors"
	"slices"

	"github.com/renkei-vpe/renkei/xmlrpc"
)

// handler is the path of every call of m. Unlike OpenNebula 7.4, 2.2 checks the arguments
// first and authenticates the caller after that.
func (s *Server) handler(m method) xmlrpc.Handler {
	return func(ctx context.Context, wire *xmlrpc.Call) (any, error) {
		value, err := s.serve(ctx, m, wire)
		var fault *xmlrpc.Fault
		switch {
		case errors.As(err, &fault):
			wire.Result = fault.Text
			return nil, fault
		case err != nil:
			return s.refusal(m, wire, err), nil
		}
		wire.Result = "SUCCESS"
		if value == nothing {
			return xmlrpc.Array{true}, nil
		}
		return xmlrpc.Array{true, value}, nil
	}
}

func (s *Server) serve(ctx context.Context, m method, wire *xmlrpc.Call) (any, error) {
	args, err := m.arguments(wire.Args)
	if err != nil {
		return nil, err
	}
	caller, err := s.Users.AuthenticateOld(ctx, args[0].(string))
	if err != nil {
		return nil, unauthenticated()
	}
	caller.ReqID, wire.User = wire.ID, caller.UName
	return m.do(ctx, s, &call{Caller: caller, Snap: s.Store.Read(), args: args[1:]})
}

// arguments checks the arguments, of which the session is the first.
func (m method) arguments(given []any) ([]any, error) {
	if m.counts != nil && !slices.Contains(m.counts, len(given)) {
		text := "Not enough parameters"
		if len(given) > slices.Max(m.counts) {
			text = "Too many parameters"
		}
		return nil, &xmlrpc.Fault{Code: xmlrpc.CodeType, Text: text}
	}
	return xmlrpc.CheckArgs(append([]xmlrpc.Param{{Name: "session", Type: xmlrpc.String}}, m.params...), given)
}

// refusal is the envelope of a call that failed. An error that is not meant for callers goes
// to the log in full.
func (s *Server) refusal(m method, wire *xmlrpc.Call, err error) any {
	text := textOf(m.class, err)
	if text == "" {
		s.Log.Error().Err(err).Uint64("req", wire.ID).Str("method", m.name).Msg("call failed")
		text = "[" + m.class + "] Internal error: the server's log has the reason."
	}
	wire.Result = text
	return xmlrpc.Array{false, text}
}
