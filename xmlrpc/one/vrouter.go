package one

import (
	"context"

	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/template"
	"github.com/renkei-vpe/renkei/pkg/vm"
	"github.com/renkei-vpe/renkei/pkg/vrouter"
	"github.com/renkei-vpe/renkei/pkg/vrouter/machines"
	"github.com/renkei-vpe/renkei/xmlrpc"
	"github.com/renkei-vpe/renkei/xmlrpc/one/render"
)

func vrouterMethods() []method {
	chmod, chown := chmodOf("vrouter", vrouter.Kind), chownOf("vrouter", vrouter.Kind)
	chmod.do, chown.do = change(vrouterChmod), change(vrouterChown)
	return []method{
		{name: "one.vrouter.allocate", params: params(pTemplate), may: vrouterMayAllocate, do: change(vrouterAllocate)},
		{name: "one.vrouter.delete", params: params(pID), may: on(vrouter.Kind, one.Manage, 1), do: deleting(one.KindVRouter, vrouterDelete)},
		vrouters.infoOf("vrouter"),
		updateOf("vrouter", vrouter.Kind, one.Manage),
		renameOf("vrouter", vrouter.Kind, one.Manage),
		chmod,
		chown,
		lockOf("vrouter", vrouter.Kind),
		unlockOf("vrouter", vrouter.Kind),
		{
			name: "one.vrouter.instantiate", may: vrouterMayInstantiate, do: change(vrouterInstantiate),
			params: append(ints("object id", "number of VMs", "template id, -1 as before"),
				xmlrpc.Param{Name: "VM name", Type: xmlrpc.String}, xmlrpc.Param{Name: "hold", Type: xmlrpc.Bool}, pTemplate),
		},
		{name: "one.vrouter.attachnic", params: params(pID, pTemplate), may: vrouterMayAttach, do: vrouterAttachNIC},
		{name: "one.vrouter.detachnic", params: ints("object id", "nic id"), may: on(vrouter.Kind, one.Manage, 1), do: vrouterDetachNIC},
		vrouters.filteredOf("vrouterpool"),
	}
}

var vrouters = pool[vrouter.VRouter]{kind: vrouter.Kind, root: "VROUTER_POOL", write: render.VRouter}

// vrouterMayAllocate needs to create routers, and USE of their networks.
func vrouterMayAllocate(c *call) ([]acl.Ask, error) {
	t, err := object.ParseTemplate(c.Text(1))
	if err != nil {
		return nil, err
	}
	return append([]acl.Ask{acl.ToCreate(one.KindVRouter)}, vrouterNets(c, t)...), nil
}

// vrouterNets needs USE of the networks and security groups of a router's NICs.
func vrouterNets(c *call, t attr.Template) (asks []acl.Ask) {
	for _, nic := range t.Vectors("NIC") {
		asks = append(asks, vm.NICNeeds(c.Snap, c.Caller.UID, nic)...)
	}
	return asks
}

func vrouterAllocate(tx *store.Tx, s *Server, c *call) (int, error) {
	t, err := object.ParseTemplate(c.Text(1))
	if err != nil {
		return -1, err
	}
	return vrouter.Allocate(tx, machines.Settings(s.VMs), c.Caller, t)
}

func vrouterDelete(tx *store.Tx, s *Server, c *call) (int, error) {
	return c.Int(1), machines.Delete(tx, s.VMs, c.Caller, c.Int(1))
}

func vrouterChmod(tx *store.Tx, _ *Server, c *call) (int, error) {
	return c.Int(1), machines.Chmod(tx, c.Caller, c.Int(1), chmodBits(c))
}

func vrouterChown(tx *store.Tx, _ *Server, c *call) (int, error) {
	to, err := ownership(tx, c.Int(2), c.Int(3))
	if err != nil {
		return -1, err
	}
	return c.Int(1), machines.Chown(tx, c.Caller, c.Int(1), to)
}

// order reads the arguments of one.vrouter.instantiate.
func order(c *call) machines.Order {
	return machines.Order{Router: c.Int(1), Count: c.Int(2), Template: c.Int(3), Name: c.Text(4), Hold: c.Bool(5), Extra: c.Text(6)}
}

// vrouterMayInstantiate needs the router, the template, and what its VMs will use.
func vrouterMayInstantiate(c *call) ([]acl.Ask, error) {
	o := order(c)
	origin, t, err := machines.Plan(c.Snap, c.Server.VMs, c.Caller, o)
	if err != nil || o.Count <= 0 {
		return nil, err
	}
	asks, err := askOn(c, template.Kind, one.Use, origin.ID)
	if err != nil {
		return nil, err
	}
	if o.Extra != "" {
		asks = append(asks, acl.ToCreate(one.KindTemplate))
	}
	return append(asks, vm.Needs(c.Snap, c.Caller, t)...), nil
}

func vrouterInstantiate(tx *store.Tx, s *Server, c *call) (int, error) {
	o := order(c)
	return o.Router, machines.Instantiate(tx, s.VMs, c.Caller, o)
}

// vrouterMayAttach needs the router, and USE of the NIC's network. Errors in the template come
// first.
func vrouterMayAttach(c *call) ([]acl.Ask, error) {
	t, err := object.ParseTemplate(c.Text(2))
	if err != nil {
		return nil, err
	}
	asks, err := askOn(c, vrouter.Kind, one.Manage, c.Int(1))
	return append(asks, vrouterNets(c, t)...), err
}

// vrouterAttachNIC adds a NIC to the router, then to its VMs one after the other. If a VM
// refuses it, the call fails, but the router keeps the NIC, as in oned: VMs that are made later
// get it.
func vrouterAttachNIC(ctx context.Context, s *Server, c *call) (any, error) {
	t, err := object.ParseTemplate(c.Text(2))
	if err != nil {
		return nil, err
	}
	var nic attr.Attr
	vms, err := s.routerStep(ctx, c, func(tx *store.Tx) (err error) {
		nic, err = vrouter.AttachNIC(tx, machines.Settings(s.VMs), c.Caller, c.Int(1), t)
		return err
	})
	if err != nil {
		return nil, err
	}
	err = s.eachVM(ctx, c, vms, func(tx *store.Tx, vmID int) error {
		return machines.AttachNIC(tx, s.VMs, c.Caller, vmID, nic)
	})
	if err != nil {
		return nil, one.Errorf(one.CodeAction, "%v", err)
	}
	return c.Int(1), nil
}

// vrouterDetachNIC removes a NIC from the router, then from its VMs in the same way.
func vrouterDetachNIC(ctx context.Context, s *Server, c *call) (any, error) {
	vms, err := s.routerStep(ctx, c, func(tx *store.Tx) error { return vrouter.DetachNIC(tx, c.Int(1), c.Int(2)) })
	if err != nil {
		return nil, err
	}
	return c.Int(1), s.eachVM(ctx, c, vms, func(tx *store.Tx, vmID int) error {
		return machines.DetachNIC(tx, s.VMs, c.Caller, vmID, c.Int(2))
	})
}

// routerStep runs a rule on the router and returns the router's VMs. If there are none, this is
// the last transaction of the call.
func (s *Server) routerStep(ctx context.Context, c *call, rule func(tx *store.Tx) error) (vms []int, err error) {
	_, err = s.step(ctx, c, func(tx *store.Tx) (any, bool, error) {
		if err := rule(tx); err != nil {
			return nil, false, err
		}
		router, err := vrouter.Kind.Get(tx, c.Int(1))
		if err != nil {
			return nil, false, err
		}
		vms = router.VMs
		return c.Int(1), len(vms) == 0, nil
	})
	return vms, err
}

// eachVM runs a rule for each VM of a router, in a transaction of its own, until one is
// refused.
func (s *Server) eachVM(ctx context.Context, c *call, vms []int, rule func(tx *store.Tx, vmID int) error) error {
	for i, id := range vms {
		_, err := s.step(ctx, c, func(tx *store.Tx) (any, bool, error) {
			return c.Int(1), i == len(vms)-1, rule(tx, id)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
