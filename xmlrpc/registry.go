package xmlrpc

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// Call is a call of a method.
type Call struct {
	Method string
	Args   []any
	ID     uint64 // of the request, counted from 1; the calls of a multicall have the same
	Remote string // address of the client

	// Handlers may set these for the server's log.
	User   string // the caller
	Result string // the outcome

	hidden []error // internal errors of the calls in a multicall, for the log
}

// Handler implements a method. If the error is a *Fault, the caller gets it; any other error is
// logged, and the caller gets an internal error.
type Handler func(ctx context.Context, c *Call) (any, error)

// Method is an entry of a Registry. Params are for introspection only; handlers check the
// arguments themselves, with CheckArgs.
type Method struct {
	Name   string
	Params []Param
	Result Type
	Help   string
	Handle Handler

	Signature []string // for introspection, if it differs from Result and Params
}

// Registry is a table of methods, including the system.* methods. It is not locked, so all
// methods must be added before the first call.
type Registry struct {
	methods map[string]*Method
	names   []string // in order of Add
	last    []string // names that are listed after the added ones
	ruby    bool     // see NewRuby
}

// New makes a Registry with the system.* methods.
func New() *Registry {
	r := &Registry{methods: map[string]*Method{}}
	for _, m := range r.systemMethods() {
		r.put(m)
	}
	return r
}

// Add adds methods. If a name is empty or in use, or a handler is missing, it adds none of them
// and returns an error.
func (r *Registry) Add(methods ...Method) error {
	fresh := map[string]bool{}
	for _, m := range methods {
		switch {
		case m.Name == "" || m.Handle == nil:
			return fmt.Errorf("adding method %q: it needs a name and a handler", m.Name)
		case r.methods[m.Name] != nil || fresh[m.Name]:
			return fmt.Errorf("adding method %q: the name is taken", m.Name)
		}
		fresh[m.Name] = true
	}
	for _, m := range methods {
		r.put(m)
	}
	return nil
}

func (r *Registry) put(m Method) {
	r.methods[m.Name] = &m
	r.names = append(r.names, m.Name)
}

// Lookup finds a method.
func (r *Registry) Lookup(name string) (*Method, bool) {
	m, ok := r.methods[name]
	return m, ok
}

// Names lists the methods in the order in which they were added.
func (r *Registry) Names() []string { return slices.Concat(r.names, r.last) }

// Dispatch runs the method of the call.
func (r *Registry) Dispatch(ctx context.Context, c *Call) (any, error) {
	m, ok := r.methods[c.Method]
	if r.ruby {
		if err := rubyMissing(m, c); err != nil {
			return nil, err
		}
	} else if !ok {
		return nil, Faultf(CodeNoSuchMethod, "Method '%s' not defined", c.Method)
	}
	return m.Handle(ctx, c)
}

// asFault is the fault that the caller gets for an error.
func asFault(err error, id uint64) *Fault {
	var f *Fault
	if errors.As(err, &f) {
		return f
	}
	return Faultf(CodeInternal, "Internal error.  The server's log has the reason, under request %d.", id)
}
