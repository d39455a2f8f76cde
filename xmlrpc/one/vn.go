package one

import (
	"context"

	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/cluster"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
	"github.com/renkei-vpe/renkei/pkg/vrouter"
	"github.com/renkei-vpe/renkei/xmlrpc"
	"github.com/renkei-vpe/renkei/xmlrpc/one/render"
)

func vnMethods() []method {
	return []method{
		{
			name: "one.vn.allocate", params: params(pTemplate, xmlrpc.Param{Name: "cluster id, -1 default", Type: xmlrpc.Int}),
			may: all(createFrom(one.KindNet, 1), vnMayCluster), do: change(vnAllocate),
		},
		{name: "one.vn.delete", params: params(pID), may: on(network.Kind, one.Manage, 1), do: deleting(one.KindNet, byID(network.Delete))},
		{name: "one.vn.info", params: params(pID, pDecrypt), may: on(network.Kind, one.UseNoLock, 1), do: vnInfo},
		{
			name: "one.vn.update", params: params(pID, pTemplate, pAppend),
			may: on(network.Kind, one.Manage, 1), do: updating(vnUpdate),
		},
		{name: "one.vn.recover", params: ints("object id", "operation"), may: unless(vnNoRecovery, on(network.Kind, one.Manage, 1)), do: change(vnRecover)},
		renameOf("vn", network.Kind, one.Manage),
		chmodOf("vn", network.Kind),
		chownOf("vn", network.Kind),
		lockOf("vn", network.Kind),
		unlockOf("vn", network.Kind),
		vnets.filteredOf("vnpool"),
	}
}

var vnets = pool[network.VNet]{kind: network.Kind, root: "VNET_POOL", form: formPool, write: render.VNetInPool}

// vnMayCluster needs ADMIN of the given cluster, or of the default one.
func vnMayCluster(c *call) ([]acl.Ask, error) {
	return askOn(c, cluster.Kind, one.Admin, cluster.ID(c.Int(2)))
}

func vnAllocate(tx *store.Tx, s *Server, c *call) (int, error) {
	t, err := object.ParseTemplate(c.Text(1))
	if err != nil {
		return -1, err
	}
	return network.Allocate(tx, s.VMs.Network, c.Caller, t, c.Int(2))
}

func vnUpdate(tx *store.Tx, s *Server, c *call, merge bool) (int, error) {
	if err := network.Update(tx, s.VMs.Network, c.Caller, c.Int(1), c.Text(2), merge); err != nil {
		return -1, err
	}
	return c.Int(1), vm.Follow(tx, s.VMs, c.Int(1))
}

// vnNoRecovery refuses unknown operations before the caller's rights are checked.
func vnNoRecovery(c *call) error { return network.KnownRecovery(c.Int(2)) }

func vnRecover(tx *store.Tx, s *Server, c *call) (int, error) {
	if err := network.Recover(tx, c.Int(1), c.Int(2)); err != nil {
		return -1, err
	}
	return c.Int(1), vm.Follow(tx, s.VMs, c.Int(1))
}

// vnInfo shows all leases to callers who may manage the network, and to others those whose
// holders they may use (VirtualNetworkAPI::to_xml).
func vnInfo(_ context.Context, s *Server, c *call) (any, error) {
	row, err := asked(s, c, network.Kind, c.Int(1), 2)
	if err != nil {
		return nil, err
	}
	o, clusters := network.Kind.Of(row.Val)
	if acl.May(c.Snap, c.Caller, acl.On(one.KindNet, o, clusters, one.Manage)) {
		return text(made(c.Snap, row, formInfo, render.VNet)), nil
	}
	return text(fresh(c.Snap, row.Val, render.VNetFor(c.seesHolder))), nil
}

// seesHolder reports whether the caller may use the holder of a lease.
func (c *call) seesHolder(h network.Holder) bool {
	kinds := map[one.Kind]object.Any{one.KindVM: vm.Kind, one.KindNet: network.Kind, one.KindVRouter: vrouter.Kind}
	kind, known := kinds[h.Kind]
	if !known || h == network.OnHold {
		return false
	}
	o, clusters, err := kind.Look(c.Snap, h.ID)
	return err == nil && acl.May(c.Snap, c.Caller, acl.On(h.Kind, o, clusters, one.UseNoLock))
}
