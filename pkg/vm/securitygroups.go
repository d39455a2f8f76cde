package vm

import (
	"slices"

	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/lifecycle"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/secgroup"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// AttachGroup serves one.vm.attachsg.
func AttachGroup(tx *store.Tx, id, nicID, group int) error {
	if _, err := secgroup.Kind.Get(tx, group); err != nil {
		return err
	}
	return changeGroups(tx, id, nicID, func(ids []int) ([]int, error) {
		if slices.Contains(ids, group) {
			return nil, one.Errorf(one.CodeAction, "NIC %d has security group %d already", nicID, group)
		}
		return append(ids, group), nil
	})
}

// DetachGroup serves one.vm.detachsg.
func DetachGroup(tx *store.Tx, id, nicID, group int) error {
	return changeGroups(tx, id, nicID, func(ids []int) ([]int, error) {
		if !slices.Contains(ids, group) {
			return nil, one.Errorf(one.CodeAction, "NIC %d is not in security group %d", nicID, group)
		}
		return slices.DeleteFunc(ids, func(n int) bool { return n == group }), nil
	})
}

// changeGroups changes the groups of a NIC. That is no change of status, as in
// oned: the driver of a VM that runs is told while it goes on running.
func changeGroups(tx *store.Tx, id, nicID int, change func([]int) ([]int, error)) error {
	v, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	nic := v.NIC(nicID)
	if nic == nil {
		return bad("VM %d doesn't have NIC id %d", id, nicID)
	}
	if underWay(tx, v) {
		return one.Errorf(one.CodeAction, "Could not change security groups of VM %d, wrong state %s.", id, v.Status())
	}
	ids, err := change(splitIDs(nic.Get("SECURITY_GROUPS")))
	if err != nil {
		return err
	}
	slices.Sort(ids)
	nic.Set("SECURITY_GROUPS", joinIDs(ids))
	groupRules(tx, v)
	if v.LCM == one.LCMRunning {
		begin(tx, v, lifecycle.DoUpdateNIC, effect.Args{ArgNIC: decimal(nicID)})
	}
	return put(tx, v, checked)
}

// underWay tells whether something is being done with a VM.
func underWay(r store.Reader, v *VM) bool {
	return v.LCM == one.LCMUnknown || len(effect.Of(r, one.KindVM, v.ID)) > 0
}
