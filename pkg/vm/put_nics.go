package vm

import (
	"slices"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/secgroup"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vrouter"
)

// settleNICs releases the leases of removed NICs, and updates the members of security groups.
// Leases are acquired where a NIC is added, as that may fail.
func settleNICs(tx *store.Tx, was, v *VM) {
	if was == nil {
		joinGroups(tx, v.ID, nil, groupsOf(v))
		return
	}
	if was.State == one.VMDone {
		return
	}
	for _, nic := range was.nics() {
		if leased(nic) && (v.State == one.VMDone || !sameLease(nic, v.NIC(nicID(nic)))) {
			network.Detach(tx, holder(v.ID), nic)
		}
	}
	leaveNetworks(tx, v.ID, networksOf(was), networksOf(v))
	joinGroups(tx, v.ID, groupsOf(was), groupsOf(v))
}

func holder(vmID int) network.Holder { return network.Holder{Kind: one.KindVM, ID: vmID} }

// leased tells whether a NIC holds a lease.
func leased(nic *attr.Attr) bool {
	return nic.Has("NETWORK_ID") && nic.Has("AR_ID") && !floatingOnly(nic)
}

// floatingOnly tells whether a NIC's only address is the floating IP of a virtual router.
func floatingOnly(nic *attr.Attr) bool {
	floats, _ := nic.Bool("FLOATING_IP")
	only, _ := nic.Bool("FLOATING_ONLY")
	return floats && only
}

func sameLease(a, b *attr.Attr) bool {
	return b != nil && a.Get("NETWORK_ID") == b.Get("NETWORK_ID") && a.Get("AR_ID") == b.Get("AR_ID") &&
		a.Get("MAC") == b.Get("MAC") && a.Get("IP") == b.Get("IP")
}

// groupsOf lists the security groups of a VM's NICs, sorted. A VM in DONE has none.
func groupsOf(v *VM) []int {
	if v.State == one.VMDone {
		return nil
	}
	var ids []int
	for _, nic := range v.nics() {
		ids = append(ids, splitIDs(nic.Get("SECURITY_GROUPS"))...)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// networksOf lists the networks of a VM's NICs. A VM in DONE has none.
func networksOf(v *VM) (ids []int) {
	if v.State == one.VMDone {
		return nil
	}
	for _, nic := range v.nics() {
		if leased(nic) || floatingOnly(nic) && nic.Has("NETWORK_ID") {
			ids = append(ids, idOf(nic, "NETWORK_ID"))
		}
	}
	return ids
}

// leaveNetworks removes a VM from the networks in which it has no NIC any more.
func leaveNetworks(tx *store.Tx, vmID int, before, after []int) {
	for _, id := range before {
		if !slices.Contains(after, id) {
			network.Quit(tx, id, vmID)
		}
	}
}

// joinGroups adds a VM to its new security groups and removes it from the others.
func joinGroups(tx *store.Tx, vmID int, before, after []int) {
	for _, id := range before {
		if !slices.Contains(after, id) {
			secgroup.Leave(tx, id, vmID)
		}
	}
	for _, id := range after {
		if !slices.Contains(before, id) {
			secgroup.Join(tx, id, vmID)
		}
	}
}

// settleRouter removes a VM that gets into DONE from its virtual router.
func settleRouter(tx *store.Tx, was, v *VM) {
	id, ok := v.Template.Int("VROUTER_ID")
	if ok && v.State == one.VMDone && was != nil && was.State != one.VMDone {
		vrouter.Leave(tx, id, v.ID)
	}
}
