package one

import (
	"context"

	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/xmlrpc"
	"github.com/renkei-vpe/renkei/xmlrpc/one/render"
)

func aclMethods() []method {
	part := func(name string) xmlrpc.Param { return xmlrpc.Param{Name: name, Type: xmlrpc.String} }
	zonePart := xmlrpc.Param{Name: "zone part hex", Type: xmlrpc.String, Optional: true, Default: ""}
	return []method{
		{
			name:   "one.acl.addrule",
			params: params(part("user part hex"), part("resource part hex"), part("rights hex"), zonePart),
			may:    manageACL, do: change(aclAdd),
		},
		{name: "one.acl.delrule", params: ints("rule id"), may: manageACL, do: change(byID(acl.Delete))},
		{name: "one.acl.info", may: manageACL, do: aclInfo},
	}
}

func manageACL(*call) ([]acl.Ask, error) {
	return []acl.Ask{acl.OnKind(one.KindACL, one.Manage)}, nil
}

// aclAdd serves one.acl.addrule; without a zone part the rule is for this zone.
func aclAdd(tx *store.Tx, _ *Server, c *call) (int, error) {
	zone := acl.Individual
	if c.Text(4) != "" {
		zone = acl.ParsePart(c.Text(4))
	}
	return acl.Add(tx, acl.Rule{
		User: acl.ParsePart(c.Text(1)), Resource: acl.ParsePart(c.Text(2)), Rights: acl.ParsePart(c.Text(3)), Zone: zone,
	})
}

// aclInfo lists the rules in oned's order.
func aclInfo(_ context.Context, _ *Server, c *call) (any, error) {
	var w render.Writer
	w.Open("ACL_POOL")
	for _, r := range acl.Ordered(c.Snap) {
		render.Rule(&w, r)
	}
	w.Close("ACL_POOL")
	return string(w), nil
}
