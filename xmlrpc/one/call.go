package one

import (
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/xmlrpc"
)

// call is a call under way. Its arguments have the types that the method asks for,
// and are counted from 1, after the session.
type call struct {
	Server *Server // for rights that settings decide
	Caller *one.Caller
	Snap   *store.Snap // what the call sees; rules that change read their own
	args   []any

	method method        // which it is
	wire   *xmlrpc.Call  // as it came
	fired  bool          // the hooks that wait for it are queued
	parsed attr.Template // see Template
}

// Int returns an integer argument.
func (c *call) Int(n int) int { return int(c.args[n-1].(int32)) }

// Int64 returns an <i8> argument.
func (c *call) Int64(n int) int64 { return c.args[n-1].(int64) }

// Text returns a string argument.
func (c *call) Text(n int) string { return c.args[n-1].(string) }

// Bool returns a boolean argument.
func (c *call) Bool(n int) bool { return c.args[n-1].(bool) }

// merge returns argument 3 of the calls that update templates: 1 merges, 0 replaces.
func (c *call) merge() (bool, error) {
	if n := c.Int(3); n != 0 && n != 1 {
		return false, one.Errorf(one.CodeRPC, "Wrong update type")
	}
	return c.Int(3) == 1, nil
}

// Template returns a string argument as a template. A call has one at most; the check of
// permissions and the rule share it, so neither may change it.
func (c *call) Template(n int) (attr.Template, error) {
	if c.parsed == nil {
		t, err := object.ParseTemplate(c.Text(n))
		if err != nil {
			return nil, err
		}
		c.parsed = t
	}
	return c.parsed, nil
}
