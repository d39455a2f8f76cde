package one22

import (
	"context"
	"slices"

	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/xmlrpc"
)

// method is one line of the table of methods.
type method struct {
	name   string // "one.vm.info"
	class  string // "VirtualMachineInfo": what its texts begin with
	params []xmlrpc.Param
	// counts are the accepted numbers of arguments, with the session. If it is nil,
	// surplus arguments are ignored.
	counts []int
	do     func(ctx context.Context, s *Server, c *call) (any, error)
}

// nothing is the value of methods that answer only [true].
var nothing any

// call is a call under way. Arguments are counted from 1, after the session.
type call struct {
	Caller *one.Caller
	Snap   *store.Snap
	args   []any
}

func (c *call) Int(n int) int     { return int(c.args[n-1].(int32)) }
func (c *call) Text(n int) string { return c.args[n-1].(string) }
func (c *call) Bool(n int) bool   { return c.args[n-1].(bool) }

// change turns a rule into a method that runs it in one transaction.
func change(rule func(tx *store.Tx, s *Server, c *call) (any, error)) func(context.Context, *Server, *call) (any, error) {
	return func(ctx context.Context, s *Server, c *call) (v any, err error) {
		err = s.Store.Update(ctx, func(tx *store.Tx) (err error) {
			v, err = rule(tx, s, c)
			return err
		})
		return v, err
	}
}

func ints(names ...string) []xmlrpc.Param  { return params(xmlrpc.Int, names...) }
func texts(names ...string) []xmlrpc.Param { return params(xmlrpc.String, names...) }

func params(t xmlrpc.Type, names ...string) []xmlrpc.Param {
	var list []xmlrpc.Param
	for _, n := range names {
		list = append(list, xmlrpc.Param{Name: n, Type: t})
	}
	return list
}

// flag is the parameters ID and boolean.
func flag(name string) []xmlrpc.Param {
	return slices.Concat(ints("id"), params(xmlrpc.Bool, name))
}
