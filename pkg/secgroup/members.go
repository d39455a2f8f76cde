package secgroup

import (
	"iter"

	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Member is a VM that uses a security group. There is a row for each, because the default group
// has nearly all VMs.
type Member struct {
	Group int   `cbor:"1,keyasint"`
	VM    int   `cbor:"2,keyasint"`
	Rules Rules `cbor:"3,keyasint"`
}

// Clone implements store.Cloner.
func (m *Member) Clone() *Member { c := *m; return &c }

// Members is the table of members. Its key is (group, VM).
var Members = store.NewTable[Member]("secgroupmember")

// Rules says which version of a group's rules is in effect for a VM.
type Rules uint8

// The versions, named like the lists UPDATED_VMS, OUTDATED_VMS, UPDATING_VMS and ERROR_VMS.
const (
	Updated  Rules = iota // the newest
	Outdated              // the host must be updated
	Updating              // the host is being updated
	Failed                // the update failed
)

// Join adds a VM to a group, with the newest rules. It does nothing if the group is gone.
func Join(tx *store.Tx, group, vm int) { Mark(tx, group, vm, Updated) }

// Mark sets which rules a member has.
func Mark(tx *store.Tx, group, vm int, rules Rules) {
	if _, ok := Kind.Table.Get(tx, store.ID(group)); !ok {
		return
	}
	if m, ok := Members.Get(tx, store.Pair(group, vm)); ok && m.Rules == rules {
		return
	}
	Members.Put(tx, store.Pair(group, vm), &Member{Group: group, VM: vm, Rules: rules})
	Kind.Table.Touch(tx, store.ID(group))
}

// Leave removes a VM from a group.
func Leave(tx *store.Tx, group, vm int) {
	Members.Delete(tx, store.Pair(group, vm))
	Kind.Table.Touch(tx, store.ID(group))
}

// MembersWith walks the VMs of a group that have such rules, in order.
func MembersWith(r store.Reader, group int, rules Rules) iter.Seq[int] {
	return func(yield func(int) bool) {
		for row := range Members.Of(r, group) {
			if row.Val.Rules == rules && !yield(row.Val.VM) {
				return
			}
		}
	}
}

// Commit serves one.secgroup.commit: all members become Outdated, so that their hosts are
// updated; with recovery, only those that are not Updated. Updates under way start again.
func Commit(tx *store.Tx, group int, recovery bool) error {
	if _, err := Kind.Get(tx, group); err != nil {
		return err
	}
	effect.Cancel(tx, one.KindSecGroup, group)
	var vms []int
	for row := range Members.Of(tx, group) {
		if !recovery || row.Val.Rules != Updated {
			vms = append(vms, row.Val.VM)
		}
	}
	for _, vm := range vms {
		Mark(tx, group, vm, Outdated)
	}
	return nil
}
