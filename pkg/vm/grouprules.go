package vm

import (
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/secgroup"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// groupRules writes the rules of all NICs' security groups to SECURITY_GROUP_RULE, which drivers
// read. Rules of groups that are already there are kept: these are updated by one.secgroup.commit
// only.
func groupRules(r store.Reader, v *VM) {
	groups := groupsOf(v)
	have := map[string]bool{}
	for _, rule := range v.Template.Vectors("SECURITY_GROUP_RULE") {
		have[rule.Get("SECURITY_GROUP_ID")] = true
	}
	for _, id := range groups {
		g, ok := secgroup.Kind.Table.Get(r, store.ID(id))
		if !ok || have[strconv.Itoa(id)] {
			continue
		}
		for _, rule := range g.Template.Vectors("RULE") {
			for _, one := range expand(r, rule) {
				one.Set("SECURITY_GROUP_ID", strconv.Itoa(id))
				one.Set("SECURITY_GROUP_NAME", g.Name)
				v.Template.Add(one)
			}
		}
	}
	dropRules(v, groups)
}

// dropRules removes the rules of groups that no NIC has any more.
func dropRules(v *VM, groups []int) {
	in := map[string]bool{}
	for _, id := range groups {
		in[strconv.Itoa(id)] = true
	}
	v.Template.DelFunc(func(a *attr.Attr) bool {
		return a.Name == "SECURITY_GROUP_RULE" && !in[a.Get("SECURITY_GROUP_ID")]
	})
}

// expand replaces the network in a rule by its address ranges, with one rule for each.
func expand(r store.Reader, rule *attr.Attr) []attr.Attr {
	base := attr.NewVector("SECURITY_GROUP_RULE", rule.Vector...)
	id, ok := rule.Int("NETWORK_ID")
	if !ok {
		return []attr.Attr{base}
	}
	n, ok := network.Kind.Table.Get(r, store.ID(id))
	if !ok {
		return nil
	}
	var rules []attr.Attr
	for i := range n.ARs {
		one := base.Clone()
		n.ARs[i].Bound(&one)
		rules = append(rules, one)
	}
	return rules
}
