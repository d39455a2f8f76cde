package network

import (
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Delete removes a network that has no leases. The addresses of a reservation go back to its
// parent.
func Delete(tx *store.Tx, id int) error {
	n, err := Kind.Get(tx, id)
	if err != nil {
		return err
	}
	if n.Used() > 0 {
		return inUse()
	}
	switch n.State {
	case one.VNetLockCreate, one.VNetLockDelete, one.VNetDone:
		return one.Errorf(one.CodeAction, "Cannot delete virtual network. Can not remove a Virtual Network, wrong state %s", n.State)
	}
	remove(tx, n)
	return nil
}

func inUse() error {
	return one.Errorf(one.CodeAction, "Cannot delete virtual network. Can not remove a virtual network with leases in use")
}

// remove removes a network, whatever its state.
func remove(tx *store.Tx, n *VNet) {
	given := release(tx, heldBy(tx, n.holder()), n.holder())
	if n.IsReservation() {
		quota.Refund(tx, n.UID, n.GID, ofLeases(n.ParentID, given))
	}
	Kind.Remove(tx, n.ID)
	touchClusters(tx, n.Clusters)
}

// Used counts the leases.
func (n *VNet) Used() int64 {
	var used int64
	for i := range n.ARs {
		used += n.ARs[i].Used
	}
	return used
}

// Size counts the addresses of all ranges.
func (n *VNet) Size() int64 {
	var size int64
	for i := range n.ARs {
		g := n.ARs[i].Range()
		size += g.Count()
	}
	return size
}
