package vm

import (
	"slices"

	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/secgroup"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// AttachGroup serves one.vm.attachsg.
func AttachGroup(tx *store.Tx, id, nicID, group int) error {
	if _, err := secgroup.Kind.Get(tx, group); err != nil {
		return one.Errorf(one.CodeAction, "Could not attach SG %d to VM, SG does not exist", group)
	}
	return changeGroups(tx, id, nicID, group, func(ids []int) ([]int, error) {
		if slices.Contains(ids, group) {
			return nil, one.Errorf(one.CodeAction, "VM %d SG %d already in NIC %d", id, group, nicID)
		}
		return append(ids, group), nil
	})
}

// DetachGroup serves one.vm.detachsg.
func DetachGroup(tx *store.Tx, id, nicID, group int) error {
	return changeGroups(tx, id, nicID, group, func(ids []int) ([]int, error) {
		if !slices.Contains(ids, group) {
			return nil, one.Errorf(one.CodeAction, "VM %d NIC %d doesn't contain SG %d", id, nicID, group)
		}
		return slices.DeleteFunc(ids, func(n int) bool { return n == group }), nil
	})
}

// changeGroups changes the security groups of a NIC. As in oned the VM's state does not change
// while its host is updated.
func changeGroups(tx *store.Tx, id, nicID, group int, change func([]int) ([]int, error)) error {
	v, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	how := reachOf(v)
	if how == notYet {
		return one.Errorf(one.CodeAction, "VM %d is in wrong state %s", id, v.Status())
	}
	nic := v.NIC(nicID)
	if nic == nil {
		return one.Errorf(one.CodeAction, "VM %d doesn't have NIC id %d", id, nicID)
	}
	ids, err := change(splitIDs(nic.Get("SECURITY_GROUPS")))
	if err != nil {
		return err
	}
	slices.Sort(ids)
	nic.Set("SECURITY_GROUPS", joinIDs(ids))
	if err := renewRules(tx, v, group); err != nil || how == inTemplate {
		return err
	}
	tellHost(tx, v, group)
	return nil
}
