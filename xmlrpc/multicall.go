package xmlrpc

import (
	"context"
	"errors"
	"fmt"
)

// mostCalls is the maximum number of calls in a multicall, because all their results are in
// memory at the same time.
const mostCalls = 1000

// multicall runs calls one after the other. The result of a failed call is a fault; an invalid
// description of a call is an error of the whole multicall.
func (r *Registry) multicall(ctx context.Context, c *Call) (any, error) {
	if err := argCount(c, 1); err != nil {
		return nil, err
	}
	descriptions, ok := c.Args[0].([]any)
	switch {
	case !ok:
		return nil, &Fault{Code: CodeType, Text: "system.multicall's parameter should be an array, each element describing one RPC."}
	case len(descriptions) > mostCalls:
		return nil, Faultf(CodeLimitExceeded, "A system.multicall takes %d calls at most.  You supplied %d", mostCalls, len(descriptions))
	}
	results := make([]any, 0, len(descriptions))
	for _, d := range descriptions {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		inner, err := describedCall(d, c)
		if err != nil {
			return nil, err
		}
		results = append(results, r.resultOf(ctx, inner, c))
	}
	return results, nil
}

// resultOf runs a call of a multicall and returns its result.
func (r *Registry) resultOf(ctx context.Context, c, outer *Call) any {
	v, err := r.Dispatch(ctx, c)
	if err == nil {
		return []any{v}
	}
	fault := asFault(err, c.ID)
	if !errors.Is(err, fault) {
		outer.hidden = append(outer.hidden, fmt.Errorf("%s: %w", c.Method, err))
	}
	return fault.asStruct()
}

// describedCall makes a call from its description in a multicall.
func describedCall(description any, outer *Call) (*Call, error) {
	s, ok := description.(Struct)
	if !ok {
		return nil, &Fault{Code: CodeType, Text: "An element of the multicall array should be a struct (with members 'methodName' and 'params')"}
	}
	name, _ := s.Get("methodName")
	params, _ := s.Get("params")
	method, isString := name.(string)
	args, isArray := params.([]any)
	switch {
	case !isString || !isArray:
		return nil, &Fault{Code: CodeType, Text: "An element of the multicall array needs members 'methodName', a string, and 'params', an array"}
	case method == "system.multicall":
		return nil, &Fault{Code: CodeRefused, Text: "Recursive system.multicall forbidden"}
	}
	return &Call{Method: method, Args: args, ID: outer.ID, Remote: outer.Remote}, nil
}
