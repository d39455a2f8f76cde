package network

import (
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Delete forgets a network that nobody has addresses of. What a reservation had
// goes back to its parent.
func Delete(tx *store.Tx, id int) error {
	n, err := Kind.Get(tx, id)
	if err != nil {
		return err
	}
	if n.Used() > 0 {
		return one.Errorf(one.CodeAction, "Cannot delete virtual network. Can not remove a virtual network with leases in use")
	}
	given := release(tx, heldBy(tx, n.holder()), n.holder())
	if n.IsReservation() {
		quota.Refund(tx, n.UID, n.GID, ofLeases(n.ParentID, given))
	}
	Kind.Remove(tx, id)
	touchClusters(tx, n.Clusters)
	return nil
}

// Used counts the addresses in use.
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

// The operations of one.vn.recover.
const (
	RecoverFailure = 0
	RecoverSuccess = 1
	RecoverDelete  = 2
	RecoverRetry   = 3
)

// Recover serves one.vn.recover: a network in ERROR is taken as good, or deleted.
// The other states that oned recovers from do not occur here.
func Recover(tx *store.Tx, id, operation int) error {
	words := []string{"failure", "success", "delete", "retry"}
	if operation < 0 || operation >= len(words) {
		return refuse("Wrong recovery operation code")
	}
	n, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	switch {
	case n.State == one.VNetError && operation == RecoverSuccess:
		n.State = one.VNetReady
		n.Template.Del("ERROR")
		Kind.Put(tx, n)
		return nil
	case n.State == one.VNetError && operation == RecoverDelete:
		return Delete(tx, id)
	}
	return wrong("Could not perform 'recover %s' on VN %d, wrong state %s.", words[operation], id, n.State)
}
