package network

import (
	"iter"
	"maps"
	"slices"

	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Lag is a VM whose NICs are not yet as their network says now. A VM that is not
// listed has caught up: the lists of a network always part the VMs in it, and a
// network that nobody changes has no rows.
type Lag struct {
	VNet  int   `cbor:"1,keyasint"`
	VM    int   `cbor:"2,keyasint"`
	Stage Stage `cbor:"3,keyasint"`

	// Was holds what changed since the VM's NICs took it, as it was then: a NIC
	// that says something else was told so by its owner, and keeps it.
	Was map[string]string `cbor:"4,keyasint,omitempty"`
	// Due tells that the VM's NICs say already what its host has not been told.
	Due bool `cbor:"5,keyasint,omitempty"`
	// Before is where the network has led since the VM's host was told of it, the
	// oldest first: PHYDEV, VLAN_ID and the VLANs within, as they were before each
	// change of them. What the host made for that has to go. (6 were devices alone.)
	Before []map[string]string `cbor:"7,keyasint,omitempty"`
}

// Clone implements store.Cloner.
func (l *Lag) Clone() *Lag {
	c := *l
	c.Was, c.Before = maps.Clone(l.Was), slices.Clone(l.Before) // whose maps never change
	return &c
}

// Lags is the table of VMs that lag. Its key is (network, VM).
var Lags = store.NewTable[Lag]("vnetlag")

// Stage is how far an update of a network has come with a VM.
type Stage uint8

// The stages, as the lists that show them are called.
const (
	Updated  Stage = iota // has what the network says: no row
	Outdated              // has what it said before
	Updating              // its host is being told
	Failed                // it could not be updated; ERROR_VMS
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

// LagsOf walks the VMs that lag behind a network at that stage, in order.
func LagsOf(r store.Reader, vnet int, at Stage) iter.Seq[*Lag] {
	return func(yield func(*Lag) bool) {
		for row := range Lags.Of(r, vnet) {
			if row.Val.Stage == at && !yield(row.Val) {
				return
			}
		}
	}
}

// FirstOutdated answers the VM whose turn it is to be updated.
func FirstOutdated(r store.Reader, vnet int) (*Lag, bool) {
	for l := range LagsOf(r, vnet, Outdated) {
		return l.Clone(), true
	}
	return nil, false
}

// SetLag notes how far a VM is; one that is Updated lags no more.
func SetLag(tx *store.Tx, l *Lag) {
	if l.Stage == Updated {
		Lags.Delete(tx, store.Pair(l.VNet, l.VM))
	} else {
		Lags.Put(tx, store.Pair(l.VNet, l.VM), l)
	}
	Kind.Table.Touch(tx, store.ID(l.VNet))
}

// NotTold notes that the driver could not update a VM: the network waits for
// somebody to recover it.
func NotTold(tx *store.Tx, l *Lag) {
	l.Stage = Failed
	SetLag(tx, l)
	setState(tx, l.VNet, one.VNetReady, one.VNetUpdateFailure)
}

// Forget has a VM lag behind a network no more. With the last that
// could not be updated the failure is gone, too.
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

// setState moves a network that is in one state to another.
func setState(tx *store.Tx, vnet int, from, to one.VNetState) {
	if n, err := Kind.Edit(tx, vnet); err == nil && n.State == from {
		n.State = to
		Kind.Put(tx, n)
	}
}

// moveLags moves all VMs of a network that are at one of the stages to another.
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
