package network

import "github.com/renkei-vpe/renkei/pkg/store"

// Guest is a VM without a lease in a network: its NIC there only carries the floating IP of its
// virtual router. All other VMs of a network are found by their leases.
type Guest struct {
	VNet int `cbor:"1,keyasint"`
	VM   int `cbor:"2,keyasint"`
}

// Clone implements store.Cloner.
func (g *Guest) Clone() *Guest { c := *g; return &c }

// Guests is the table of guests. Its key is (network, VM).
var Guests = store.NewTable[Guest]("vnetguest")

// Quit removes a VM that no longer has a NIC in a network from the network's lists.
func Quit(tx *store.Tx, vnet, vm int) {
	Forget(tx, vnet, vm)
	if _, was := Guests.Get(tx, store.Pair(vnet, vm)); was {
		Guests.Delete(tx, store.Pair(vnet, vm))
		Kind.Table.Touch(tx, store.ID(vnet))
	}
}
