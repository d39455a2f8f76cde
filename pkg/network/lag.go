package network

import (
	"iter"
	"maps"
	"slices"

	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Lag is a VM whose NICs, or whose host, do not yet have the newest attributes of their
// network. VMs without a row are up to date: so a network that nobody updates has no rows.
type Lag struct {
	VNet  int   `cbor:"1,keyasint"`
	VM    int   `cbor:"2,keyasint"`
	Stage Stage `cbor:"3,keyasint"`

	// Was holds the old values of what changed since the VM's NICs copied it. An attribute of a
	// NIC that differs from its old value was set by the VM's owner, and is kept.
	Was map[string]string `cbor:"4,keyasint,omitempty"`
	// Due is set when the NICs have the new values, but the VM's host does not yet.
	Due bool `cbor:"5,keyasint,omitempty"`
	// Before is where the network led since the VM's host was last updated, oldest first: PHYDEV,
	// VLAN_ID and inner VLANs before each change. What the host created for these must be removed.
	// (CBOR key 6 was a list of devices only.)
	Before []map[string]string `cbor:"7,keyasint,omitempty"`
}

// Clone implements store.Cloner.
func (l *Lag) Clone() *Lag {
	c := *l
	c.Was, c.Before = maps.Clone(l.Was), slices.Clone(l.Before) // the maps in Before never change
	return &c
}

// Lags is the table of VMs that are not up to date. Its key is (network, VM).
var Lags = store.NewTable[Lag]("vnetlag")

// Stage says how far the update of a VM after a change of its network has come.
type Stage uint8

// Stages, named like the lists UPDATED_VMS, OUTDATED_VMS, UPDATING_VMS and ERROR_VMS.
const (
	Updated  Stage = iota // up to date: no row
	Outdated              // has old attributes
	Updating              // its host is being updated
	Failed                // the update failed
)

// VMs lists the VMs in a network.
func VMs(r store.Reader, n *VNet) (vms []int) {
	for row := range Guests.Of(r, n.ID) {
		vms = append(vms, row.Val.VM)
	}
	for i := range n.ARs {
		vms = append(vms, vmsInRange(r, n.ID, n.ARs[i].ID)...)
	}
	slices.Sort(vms)
	return slices.Compact(vms)
}

func vmsInRange(r store.Reader, vnet, ar int) (vms []int) {
	for l := range LeasesOf(r, vnet, ar) {
		for h := range l.Holders() {
			if h.Kind == one.KindVM && h != OnHold {
				vms = append(vms, h.ID)
			}
		}
	}
	return vms
}

// LagsOf walks the VMs of a network that are at a stage, in order of their IDs.
func LagsOf(r store.Reader, vnet int, at Stage) iter.Seq[*Lag] {
	return func(yield func(*Lag) bool) {
		for row := range Lags.Of(r, vnet) {
			if row.Val.Stage == at && !yield(row.Val) {
				return
			}
		}
	}
}

// FirstOutdated returns the next VM to update.
func FirstOutdated(r store.Reader, vnet int) (*Lag, bool) {
	for l := range LagsOf(r, vnet, Outdated) {
		return l.Clone(), true
	}
	return nil, false
}

// SetLag stores the stage of a VM; Updated deletes its row.
func SetLag(tx *store.Tx, l *Lag) {
	if l.Stage == Updated {
		Lags.Delete(tx, store.Pair(l.VNet, l.VM))
	} else {
		Lags.Put(tx, store.Pair(l.VNet, l.VM), l)
	}
	Kind.Table.Touch(tx, store.ID(l.VNet))
}

// NotTold records that the driver could not update a VM. The network is in UPDATE_FAILURE until
// somebody recovers it.
func NotTold(tx *store.Tx, l *Lag) {
	l.Stage = Failed
	SetLag(tx, l)
	setState(tx, l.VNet, one.VNetReady, one.VNetUpdateFailure)
}

// Forget removes a VM from the lists of outdated VMs. If it was the last whose update failed,
// the network leaves UPDATE_FAILURE.
func Forget(tx *store.Tx, vnet, vm int) {
	l, ok := Lags.Get(tx, store.Pair(vnet, vm))
	if !ok {
		return
	}
	SetLag(tx, &Lag{VNet: vnet, VM: vm, Stage: Updated})
	if l.Stage != Failed {
		return
	}
	for range LagsOf(tx, vnet, Failed) {
		return
	}
	setState(tx, vnet, one.VNetUpdateFailure, one.VNetReady)
}

// setState sets the state of a network if it is in the state from.
func setState(tx *store.Tx, vnet int, from, to one.VNetState) {
	if n, err := Kind.Edit(tx, vnet); err == nil && n.State == from {
		n.State = to
		Kind.Put(tx, n)
	}
}

// moveLags sets the stage of all VMs of a network that are at one of the given stages.
func moveLags(tx *store.Tx, vnet int, to Stage, from ...Stage) {
	var moving []*Lag
	for row := range Lags.Of(tx, vnet) {
		if slices.Contains(from, row.Val.Stage) {
			moving = append(moving, row.Val.Clone())
		}
	}
	for _, l := range moving {
		l.Stage = to
		SetLag(tx, l)
	}
}
