package acl

import (
	"cmp"
	"slices"

	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// ruleSet is the rules in the forms that are quick to ask.
type ruleSet struct {
	// byUser has them by their user part: a caller looks at those that can
	// speak of him, and at no others.
	byUser  map[uint64][]*Rule
	ordered []*Rule
}

// compiled answers the rules, made once for each version of the table.
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

// allow tells whether some rule gives c what is asked.
func (s *ruleSet) allow(c *one.Caller, a Ask) bool {
	if a.Right == one.Create && a.Target == nil { // what he makes will be of his group
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

// gives tells whether the rule's rights and resource cover what is asked. A
// rule for another zone covers nothing here.
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

// localZone is the ID of the zone that this server is.
const localZone = 0
