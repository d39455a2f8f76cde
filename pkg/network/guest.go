package network

import "github.com/renkei-vpe/renkei/pkg/store"

// Guest is a VM in a network that has no address there: all that its NIC has is the
// floating one of its virtual router. The other VMs in a network are those with leases.
type Guest struct {
	VNet int `cbor:"1,keyasint"`
	VM   int `cbor:"2,keyasint"`
}

// Clone implements store.Cloner.
func (g *Guest) Clone() *Guest { c := *g; return &c }

// Guests is the table of guests. Its key is (network, VM).
var Guests = store.NewTable[Guest]("vnetguest")

// Quit takes a VM that has no NIC in a network any more off its lists.
func Quit(tx *store.Tx, vnet, vm int) {
	Forget(tx, vnet, vm)
	if _, was := Guests.Get(tx, store.Pair(vnet, vm)); was {
		Guests.Delete(tx, store.Pair(vnet, vm))
		Kind.Table.Touch(tx, store.ID(vnet))
	}
}
