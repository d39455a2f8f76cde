package secgroup

import (
	"iter"

	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Member is a VM that has a group's rules through a NIC. The default group has
// nearly all VMs: a row for each keeps coming and going cheap.
type Member struct {
	Group int   `cbor:"1,keyasint"`
	VM    int   `cbor:"2,keyasint"`
	Rules Rules `cbor:"3,keyasint"`
}

// Clone implements store.Cloner.
func (m *Member) Clone() *Member { c := *m; return &c }

// Members is the table of members. Its key is (group, VM).
var Members = store.NewTable[Member]("secgroupmember")

// Rules tells which version of a group's rules a VM's host has.
type Rules uint8

// The versions of rules, as the lists that show them are called.
const (
	Updated  Rules = iota // the newest
	Outdated              // others: the host is to be told
	Updating              // the host is being told
	Failed                // the host could not be told; ERROR_VMS
)

// Join enters a VM into a group, with its newest rules. A group that is gone
// has no members.
func Join(tx *store.Tx, group, vm int) { Mark(tx, group, vm, Updated) }

// Mark notes which rules a member has.
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

// Leave takes a VM out of a group.
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

// Commit serves one.secgroup.commit: all members are to get the rules; with
// recovery only those that were not reached. Who brings them there is told by
// Outdated; what was under way is begun anew.
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
