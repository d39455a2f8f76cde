package network

import (
	"errors"

	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// ofLeases is what n leases of a network count.
func ofLeases(vnet, n int) quota.Delta {
	return quota.Delta{Networks: map[int]int{vnet: n}, ClusterID: quota.NotPlaced}
}

// chowned counts the addresses of a reservation for its new owner.
func chowned(tx *store.Tx, c *one.Caller, old, n *VNet) error {
	if !n.IsReservation() {
		return nil
	}
	held := len(heldBy(tx, n.holder()))
	return asCaller(c, quota.Move(tx, old.UID, old.GID, n.UID, n.GID, ofLeases(n.ParentID, held)))
}

// holder is the network as the holder of its parent's addresses.
func (n *VNet) holder() Holder { return Holder{Kind: one.KindNet, ID: n.ID} }

// asCaller makes a refusal name the caller, as oned does.
func asCaller(c *one.Caller, err error) error {
	var e *one.Error
	if !errors.As(err, &e) || e.Code != one.CodeAuthorization {
		return err
	}
	return one.Errorf(e.Code, "User [%d] : %s", c.UID, e.Msg)
}
