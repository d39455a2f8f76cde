// Package vrouter implements virtual routers: the NICs that their VMs have in common, and the
// floating IPs that they hold for the VM that is active. Package machines has what they do to
// their VMs.
package vrouter

import (
	"slices"
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// VRouter is a virtual router. It lists its VMs because their templates cannot be trusted: any
// user may write a VROUTER_ID into a template.
type VRouter struct {
	object.Meta
	VMs []int `cbor:"10,keyasint,omitempty"` // in order
}

// Clone implements store.Cloner.
func (v *VRouter) Clone() *VRouter { return &VRouter{Meta: v.Meta.Copy(), VMs: slices.Clone(v.VMs)} }

// ByNetwork finds the routers with a NIC in a network.
var ByNetwork = store.NewIndex(func(v *VRouter) []string { return store.Texts(v.networks()) })

// Kind describes virtual routers to the shared verbs.
var Kind = object.Define("vrouter", object.Spec[VRouter]{
	Kind:     one.KindVRouter,
	Names:    object.NamesFree,
	Lockable: true,
	Updating: updating,
	Chowned:  chowned,
}, ByNetwork)

// networks lists the networks of the router's NICs, without duplicates.
func (v *VRouter) networks() []int {
	var ids []int
	for _, nic := range v.Template.Vectors("NIC") {
		if id, ok := nic.Int("NETWORK_ID"); ok {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// holder is the router as holder of leases.
func holder(id int) network.Holder { return network.Holder{Kind: one.KindVRouter, ID: id} }

// Of lists the routers with a NIC in a network, in order.
func Of(r store.Reader, vnet int) []int {
	var ids []int
	for row := range ByNetwork.Find(r, strconv.Itoa(vnet)) {
		ids = append(ids, row.Val.ID)
	}
	slices.Sort(ids)
	return ids
}

// Join adds VMs to a router's list.
func Join(tx *store.Tx, id int, vms ...int) error {
	v, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	v.VMs = append(v.VMs, vms...)
	slices.Sort(v.VMs)
	Kind.Put(tx, v)
	return nil
}

// Leave removes a VM from a router's list, if it is there.
func Leave(tx *store.Tx, id, vm int) {
	v, err := Kind.Edit(tx, id)
	if err != nil || !slices.Contains(v.VMs, vm) {
		return
	}
	v.VMs = slices.DeleteFunc(v.VMs, func(n int) bool { return n == vm })
	Kind.Put(tx, v)
}
