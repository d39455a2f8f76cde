package vm

import (
	"slices"

	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// lags finds VMs that are to be updated for a network (one.vn.update) in which they have no NIC,
// and updates that nothing carries on.
func (a *audit) lags() {
	at := map[int]int{} // number of VMs that are being updated, by network ID
	for row := range Kind.Table.All(a.r) {
		if vnet, yes := row.Val.following(); yes {
			at[vnet]++
		}
	}
	for row := range network.Lags.All(a.r) {
		l := row.Val
		v, ok := Kind.Table.Get(a.r, store.ID(l.VM))
		if !ok || !slices.Contains(networksOf(v), l.VNet) {
			a.found.Add("VM %d is to follow network %d and has no NIC in it", l.VM, l.VNet)
			continue
		}
		if vnet, yes := v.following(); l.Stage == network.Updating && (!yes || vnet != l.VNet) {
			a.found.Add("VM %d is listed as being updated for network %d, and is not", l.VM, l.VNet)
		}
		if l.Stage == network.Outdated && at[l.VNet] == 0 {
			a.found.Add("VM %d is to follow network %d, and nothing goes on there", l.VM, l.VNet)
		}
	}
	a.guests()
	a.failedNetworks()
}

// guests finds VMs that a network lists although they have no NIC in it.
func (a *audit) guests() {
	for row := range network.Guests.All(a.r) {
		g := row.Val
		if v, ok := Kind.Table.Get(a.r, store.ID(g.VM)); !ok || !slices.Contains(networksOf(v), g.VNet) {
			a.found.Add("VM %d is a guest of network %d and has no NIC in it", g.VM, g.VNet)
		}
	}
}

// failedNetworks finds networks in UPDATE_FAILURE without a VM whose update failed.
func (a *audit) failedNetworks() {
	for row := range network.Kind.Table.All(a.r) {
		failed := 0
		for range network.LagsOf(a.r, row.Val.ID, network.Failed) {
			failed++
		}
		if row.Val.State == one.VNetUpdateFailure && failed == 0 {
			a.found.Add("network %d could not update its VMs, and none is listed", row.Val.ID)
		}
	}
}
