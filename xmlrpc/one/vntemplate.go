package one

import (
	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vntemplate"
	"github.com/renkei-vpe/renkei/xmlrpc"
	"github.com/renkei-vpe/renkei/xmlrpc/one/render"
)

func vntemplateMethods() []method {
	kind := vntemplate.Kind
	return []method{
		{name: "one.vntemplate.allocate", params: params(pTemplate), may: createFrom(one.KindVNTemplate, 1), do: change(vntemplateAllocate)},
		{name: "one.vntemplate.delete", params: params(pID), may: on(kind, one.Manage, 1), do: deleting(one.KindVNTemplate, byID(vntemplate.Delete))},
		vntemplates.infoOf("vntemplate"),
		{
			name: "one.vntemplate.update", params: params(pID, pTemplate, pAppend),
			may: basic(kind, one.Manage, 1), do: updating(vntemplateUpdate),
		},
		renameOf("vntemplate", kind, one.Manage),
		chmodOf("vntemplate", kind),
		chownOf("vntemplate", kind),
		lockOf("vntemplate", kind),
		unlockOf("vntemplate", kind),
		{
			name: "one.vntemplate.clone", params: params(pID, pName),
			may: mayClone(kind, one.KindVNTemplate), do: change(vntemplateClone),
		},
		{
			name:   "one.vntemplate.instantiate",
			params: params(pID, xmlrpc.Param{Name: "network name", Type: xmlrpc.String}, xmlrpc.Param{Name: "extra template", Type: xmlrpc.String}),
			may:    mayInstantiateVN, do: change(vntemplateInstantiate),
		},
		vntemplates.filteredOf("vntemplatepool"),
	}
}

var vntemplates = pool[vntemplate.VNTemplate]{kind: vntemplate.Kind, root: "VNTEMPLATE_POOL", write: render.VNTemplate}

func vntemplateAllocate(tx *store.Tx, _ *Server, c *call) (int, error) {
	t, err := object.ParseTemplate(c.Text(1))
	if err != nil {
		return -1, err
	}
	return vntemplate.Allocate(tx, c.Caller, t)
}

func vntemplateUpdate(tx *store.Tx, s *Server, c *call, merge bool) (int, error) {
	return c.Int(1), vntemplate.Update(tx, s.VMs.Network, c.Caller, c.Int(1), c.Text(2), merge)
}

func vntemplateClone(tx *store.Tx, _ *Server, c *call) (int, error) {
	return vntemplate.Clone(tx, c.Caller, c.Int(1), c.Text(2))
}

// mayInstantiateVN needs USE of the template for the new owner, who must also be allowed to use
// the VLANs that the call adds. The right to create networks is not needed: that is the purpose
// of network templates.
func mayInstantiateVN(c *call) ([]acl.Ask, error) {
	as, _, err := vnInstance(c)
	if err != nil {
		return nil, err
	}
	if err := mayAddVLANs(c, as); err != nil {
		return nil, err
	}
	ask, err := askOn(c, vntemplate.Kind, one.Use, c.Int(1))
	if err != nil {
		return nil, err
	}
	return nil, acl.Check(c.Snap, as, ask...)
}

// mayAddVLANs checks the VLANs that the caller adds. Those of the template are its owner's
// decision.
func mayAddVLANs(c *call, as *one.Caller) error {
	extra, err := object.ParseTemplate(c.Text(3))
	if err != nil {
		return err
	}
	return network.MayUseVLANs(c.Snap, as, extra, c.Int(1))
}

// vnInstance returns the owner of the new network, and its template.
func vnInstance(c *call) (*one.Caller, attr.Template, error) {
	origin, err := vntemplate.Kind.Get(c.Snap, c.Int(1))
	if err != nil {
		return nil, nil, err
	}
	extra, err := object.ParseTemplate(c.Text(3))
	if err != nil {
		return nil, nil, err
	}
	t, err := vntemplate.Merged(c.Server.VMs.Network, c.Caller, origin, extra)
	if err != nil {
		return nil, nil, err
	}
	as, err := actAs(c, &t)
	return as, t, err
}

func vntemplateInstantiate(tx *store.Tx, s *Server, c *call) (int, error) {
	as, t, err := vnInstance(c)
	if err != nil {
		return -1, err
	}
	return vntemplate.Instantiate(tx, s.VMs.Network, as, c.Int(1), t, c.Text(2))
}
