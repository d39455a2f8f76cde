package acl

import (
	"cmp"
	"slices"

	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// ruleSet is the table of rules in a form for quick checks.
type ruleSet struct {
	// byUser has the rules by their user part, so that only those are checked that can apply to
	// the caller.
	byUser  map[uint64][]*Rule
	ordered []*Rule
}

// compiled returns the rule set, which is built once per version of the table.
func compiled(r store.Reader) *ruleSet {
	return store.Derived(r, Rules, func() *ruleSet {
		set := &ruleSet{byUser: map[uint64][]*Rule{}}
		for row := range Rules.All(r) {
			set.byUser[row.Val.User] = append(set.byUser[row.Val.User], row.Val)
			set.ordered = append(set.ordered, row.Val)
		}
		slices.SortStableFunc(set.ordered, func(a, b *Rule) int { return cmp.Compare(a.User, b.User) })
		return set
	})
}

// allow reports whether a rule gives c the right.
func (s *ruleSet) allow(c *one.Caller, a Ask) bool {
	if a.Right == one.Create && a.Target == nil { // the new object will be in the caller's group
		a.Target = &Target{GID: c.GID}
	}
	if s.any(All, a) || s.any(Individual|uint64(c.UID), a) {
		return true
	}
	for _, gid := range c.Groups {
		if s.any(GroupOf|uint64(gid), a) {
			return true
		}
	}
	return false
}

func (s *ruleSet) any(user uint64, a Ask) bool {
	for _, r := range s.byUser[user] {
		if r.gives(a) {
			return true
		}
	}
	return false
}

// gives reports whether the rights and the resource of the rule match. A rule for another zone
// never does.
func (r *Rule) gives(a Ask) bool {
	if uint64(a.Right.Bits())&^r.Rights != 0 || r.Resource&uint64(a.Kind) == 0 {
		return false
	}
	id := r.Resource & idMask
	switch {
	case r.Zone&All == 0 && r.Zone&idMask != localZone:
		return false
	case r.Resource&All != 0:
		return a.Target == nil || !a.Target.Personal
	case r.Resource&Individual != 0:
		return a.ID >= 0 && id == uint64(a.ID)
	case r.Resource&GroupOf != 0:
		return a.Target != nil && id == uint64(a.Target.GID)
	case r.Resource&ClusterOf != 0:
		for _, c := range a.Clusters {
			if id == uint64(c) {
				return true
			}
		}
	}
	return false
}

// localZone is the ID of this server's zone.
const localZone = 0
