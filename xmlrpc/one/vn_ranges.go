package one

import (
	"context"

	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
	"github.com/renkei-vpe/renkei/xmlrpc"
)

// vnRangeMethods are the methods for address ranges and leases.
func vnRangeMethods() []method {
	pForce := xmlrpc.Param{Name: "force", Type: xmlrpc.Bool, Optional: true, Default: false}
	return []method{
		{name: "one.vn.add_ar", params: params(pID, pTemplate), may: vnMayRange, do: change(vnAddAR)},
		{name: "one.vn.rm_ar", params: append(ints("object id", "AR id"), pForce), may: vnMayRange, do: change(vnRemoveAR)},
		{name: "one.vn.update_ar", params: params(pID, pTemplate), may: on(network.Kind, one.Manage, 1), do: change(vnUpdateAR)},
		{name: "one.vn.free_ar", params: ints("object id", "AR id"), may: on(network.Kind, one.Manage, 1), do: change(vnFreeAR)},
		{name: "one.vn.hold", params: params(pID, pTemplate), may: on(network.Kind, one.Manage, 1), do: change(vnHold)},
		{name: "one.vn.release", params: params(pID, pTemplate), may: on(network.Kind, one.Manage, 1), do: change(vnRelease)},
		{name: "one.vn.reserve", params: params(pID, pTemplate), may: vnMayReserve, do: vnReserve},
	}
}

// vnMayRange needs ADMIN of the network, or only MANAGE if it was made from a network template,
// because its owner has chosen the address ranges then.
func vnMayRange(c *call) ([]acl.Ask, error) {
	n, err := network.Kind.Get(c.Snap, c.Int(1))
	if err != nil {
		return nil, err
	}
	right := one.Admin
	if n.TemplateID != network.None {
		right = one.Manage
	}
	return askOn(c, network.Kind, right, n.ID)
}

// withTemplate makes a method for a network and a template.
func withTemplate(c *call, rule func(id int, t attr.Template) error) (int, error) {
	t, err := object.ParseTemplate(c.Text(2))
	if err != nil {
		return -1, err
	}
	return c.Int(1), rule(c.Int(1), t)
}

func vnAddAR(tx *store.Tx, s *Server, c *call) (int, error) {
	return withTemplate(c, func(id int, t attr.Template) error {
		return network.AddAR(tx, s.VMs.Network, c.Caller, id, t)
	})
}

func vnUpdateAR(tx *store.Tx, s *Server, c *call) (int, error) {
	return withTemplate(c, func(id int, t attr.Template) error {
		if err := network.UpdateAR(tx, s.VMs.Network, c.Caller, id, t); err != nil {
			return err
		}
		return vm.Follow(tx, s.VMs, id)
	})
}

func vnHold(tx *store.Tx, _ *Server, c *call) (int, error) {
	return withTemplate(c, func(id int, t attr.Template) error { return network.Hold(tx, id, t) })
}

func vnRelease(tx *store.Tx, _ *Server, c *call) (int, error) {
	return withTemplate(c, func(id int, t attr.Template) error { return network.Release(tx, id, t) })
}

func vnRemoveAR(tx *store.Tx, _ *Server, c *call) (int, error) {
	return c.Int(1), network.RemoveAR(tx, c.Int(1), c.Int(2), c.Bool(3))
}

func vnFreeAR(tx *store.Tx, _ *Server, c *call) (int, error) {
	return c.Int(1), network.RemoveAR(tx, c.Int(1), c.Int(2), false)
}

// vnMayReserve needs USE of the network, and MANAGE of the reservation to extend. Errors in the
// arguments come first.
func vnMayReserve(c *call) ([]acl.Ask, error) {
	t, err := reservation(c)
	if err != nil {
		return nil, err
	}
	v, err := network.ParseReservation(c.Snap, c.Int(1), t)
	if err != nil {
		return nil, err
	}
	asks, err := askOn(c, network.Kind, one.Use, c.Int(1))
	if err != nil || v.Into == network.None {
		return asks, err
	}
	more, err := askOn(c, network.Kind, one.Manage, v.Into)
	return append(asks, more...), err
}

// reservation parses the template. oned uses another error code here than elsewhere.
func reservation(c *call) (attr.Template, error) {
	t, err := object.ParseTemplate(c.Text(2))
	if err != nil {
		return nil, one.Errorf(one.CodeAction, "%v", err)
	}
	return t, nil
}

// vnReserve serves one.vn.reserve. A refused call changes nothing, but may use up an ID.
func vnReserve(ctx context.Context, s *Server, c *call) (any, error) {
	t, err := reservation(c)
	if err != nil {
		return nil, err
	}
	named := false
	id, err := s.update(ctx, c, func(tx *store.Tx) (id any, err error) {
		id, named, err = network.Reserve(tx, s.VMs.Network, c.Caller, c.Int(1), t)
		return id, err
	})
	if err == nil || !named {
		return id, err
	}
	if skip := s.Store.Update(ctx, func(tx *store.Tx) error { network.SkipID(tx); return nil }); skip != nil {
		return nil, skip
	}
	return nil, err
}
