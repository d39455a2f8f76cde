package xmlrpc

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// Call is one call of a method.
type Call struct {
	Method string
	Args   []any
	ID     uint64 // of the request, counts up from 1; calls of one multicall share it
	Remote string // address of the client

	// A handler may say more for the server's log.
	User   string // who is calling
	Result string // how it ended

	hidden []error // of the calls in a multicall, of which the caller learns nothing
}

// Handler does what a method is for. An error that is a *Fault reaches the
// caller as it is; any other reaches the log, and the caller learns that the
// server failed.
type Handler func(ctx context.Context, c *Call) (any, error)

// Method is an entry of a Registry. Params are not checked before Handle is
// called, they are what introspection shows: see CheckArgs.
type Method struct {
	Name   string
	Params []Param
	Result Type
	Help   string
	Handle Handler

	Signature []string // that introspection shows, if not the one of Result and Params
}

// Registry is a table of methods. It has the system.* methods from the
// beginning. Add everything before the first call: it is not locked.
type Registry struct {
	methods map[string]*Method
	names   []string // in order of Add
	last    []string // those that come behind the added ones
	ruby    bool     // see NewRuby
}

// New makes a Registry that has the system.* methods only.
func New() *Registry {
	r := &Registry{methods: map[string]*Method{}}
	for _, m := range r.systemMethods() {
		r.put(m)
	}
	return r
}

// Add enters methods. A name that is taken, or empty, or has no handler is an
// error, and then none of the methods is entered.
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

// Names lists the methods in the order they were added.
func (r *Registry) Names() []string { return slices.Concat(r.names, r.last) }

// Dispatch runs the method that the call names.
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

// asFault is the fault by which the caller learns of an error.
func asFault(err error, id uint64) *Fault {
	var f *Fault
	if errors.As(err, &f) {
		return f
	}
	return Faultf(CodeInternal, "Internal error.  The server's log has the reason, under request %d.", id)
}
