package network

import (
	"errors"

	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// ofLeases is the quota usage of n leases in a network.
func ofLeases(vnet, n int) quota.Delta {
	return quota.Delta{Networks: map[int]int{vnet: n}, ClusterID: quota.NotPlaced}
}

// chowned moves the leases of a reservation to the quotas of its new owner.
func chowned(tx *store.Tx, c *one.Caller, old, n *VNet) error {
	if !n.IsReservation() {
		return nil
	}
	held := len(heldBy(tx, n.holder()))
	return asCaller(c, quota.Move(tx, old.UID, old.GID, n.UID, n.GID, ofLeases(n.ParentID, held)))
}

// holder is the network as holder of leases: a reservation has those of its parent.
func (n *VNet) holder() Holder { return Holder{Kind: one.KindNet, ID: n.ID} }

// asCaller makes an error name the caller, as oned does.
func asCaller(c *one.Caller, err error) error {
	var e *one.Error
	if !errors.As(err, &e) || e.Code != one.CodeAuthorization {
		return err
	}
	return one.Errorf(e.Code, "User [%d] : %s", c.UID, e.Msg)
}
