package one

import (
	"context"

	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vdc"
	"github.com/renkei-vpe/renkei/pkg/zone"
	"github.com/renkei-vpe/renkei/xmlrpc"
)

// method is one line of the table of methods.
type method struct {
	name   string // "one.image.chmod"
	params []xmlrpc.Param
	secret int // the parameter that events hide; 0: none
	may    may // who may call it; nil: every user
	do     func(ctx context.Context, s *Server, c *call) (any, error)

	ahead []int // the parameters that are checked ahead of the others, see order.go
}

// change turns a rule into a method that runs it in one transaction and returns the ID
// it worked on, as most do.
func change(rule func(tx *store.Tx, s *Server, c *call) (int, error)) func(context.Context, *Server, *call) (any, error) {
	return func(ctx context.Context, s *Server, c *call) (any, error) {
		return s.update(ctx, c, func(tx *store.Tx) (any, error) { return rule(tx, s, c) })
	}
}

// byID turns a rule about the object in argument 1 into that of a method.
func byID(rule func(tx *store.Tx, id int) error) func(*store.Tx, *Server, *call) (int, error) {
	return func(tx *store.Tx, _ *Server, c *call) (int, error) { return c.Int(1), rule(tx, c.Int(1)) }
}

// byIDs is byID for rules that also take argument 2: a group, a snapshot, a priority.
func byIDs(rule func(tx *store.Tx, id, second int) error) func(*store.Tx, *Server, *call) (int, error) {
	return func(tx *store.Tx, _ *Server, c *call) (int, error) { return c.Int(1), rule(tx, c.Int(1), c.Int(2)) }
}

// updating is change for a rule that merges argument 2 into the template of an object, or
// replaces that, as argument 3 says.
func updating(rule func(tx *store.Tx, s *Server, c *call, merge bool) (int, error)) func(context.Context, *Server, *call) (any, error) {
	return change(func(tx *store.Tx, s *Server, c *call) (int, error) {
		merge, err := c.merge()
		if err != nil {
			return -1, err
		}
		return rule(tx, s, c, merge)
	})
}

// deleting is change for a rule that deletes the object in argument 1: it deletes the ACL
// rules about the object, too.
func deleting(kind one.Kind, rule func(tx *store.Tx, s *Server, c *call) (int, error)) func(context.Context, *Server, *call) (any, error) {
	return change(func(tx *store.Tx, s *Server, c *call) (int, error) {
		acl.ForgetObject(tx, kind, c.Int(1))
		return rule(tx, s, c)
	})
}

// deletingResource is deleting for objects that VDCs contain.
func deletingResource(kind one.Kind, rule func(tx *store.Tx, s *Server, c *call) (int, error)) func(context.Context, *Server, *call) (any, error) {
	return deleting(kind, func(tx *store.Tx, s *Server, c *call) (int, error) {
		vdc.ForgetResource(tx, kind, vdc.Resource{ZoneID: zone.LocalID, ID: c.Int(1)})
		return rule(tx, s, c)
	})
}

// Parameters that many methods have.
var (
	pID       = xmlrpc.Param{Name: "object id", Type: xmlrpc.Int}
	pName     = xmlrpc.Param{Name: "new name", Type: xmlrpc.String}
	pTemplate = xmlrpc.Param{Name: "template text or XML", Type: xmlrpc.String}
	pDecrypt  = xmlrpc.Param{Name: "decrypt secrets", Type: xmlrpc.Bool, Optional: true, Default: false}
	pAppend   = xmlrpc.Param{Name: "0 replace / 1 merge", Type: xmlrpc.Int, Optional: true, Default: int32(0)}
)

func params(p ...xmlrpc.Param) []xmlrpc.Param { return p }

// ints makes integer parameters that must be given.
func ints(names ...string) []xmlrpc.Param {
	var list []xmlrpc.Param
	for _, n := range names {
		list = append(list, xmlrpc.Param{Name: n, Type: xmlrpc.Int})
	}
	return list
}
