package group

import (
	"slices"
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// SetVLANs serves one.group.vlan: which VLANs the members' networks may have.
// All rules are replaced; what is no RULE is kept as it is.
func SetVLANs(tx *store.Tx, id int, t attr.Template) error {
	g, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	t.DelFunc(func(a *attr.Attr) bool { return a.IsVector && len(a.Vector) == 0 }) // RULE=[] is none
	for _, v := range t.Vectors("RULE") {
		if err := tidy(v); err != nil {
			return err
		}
	}
	t.Del("ID")
	g.VLANs = t
	Kind.Put(tx, g)
	return nil
}

// tidy checks a rule and writes it as oned keeps it.
func tidy(v *attr.Attr) error {
	rule, err := readRule(v)
	if err != nil {
		return err
	}
	v.Set("SCOPE", string(rule.scope))
	if len(rule.templates) == 0 {
		v.Set("VNTEMPLATE", anyTemplate)
	}
	v.Del("TYPE")
	v.Del("TARGET_ID")
	return nil
}

// VLANRules is VLAN_RULES: the rules, and whose they are.
func (g *Group) VLANRules() attr.Template {
	t := g.VLANs.Clone()
	t.Set("ID", strconv.Itoa(g.ID))
	return t
}

// vlanRules reads the rules, which were checked when they were set.
func (g *Group) vlanRules() (list []vlanRule) {
	for _, v := range g.VLANs.Vectors("RULE") {
		if rule, err := readRule(v); err == nil {
			list = append(list, rule)
		}
	}
	return list
}

// RulesVLANs tells whether a group of the caller has rules about networks made
// from a network template. Administrators need none.
func RulesVLANs(r store.Reader, c *one.Caller, template int) bool {
	return !c.IsAdmin() && slices.ContainsFunc(rulesOf(r, c), func(list []vlanRule) bool {
		return slices.ContainsFunc(list, func(rule vlanRule) bool { return rule.holdsFor(template) })
	})
}

// MayUseVLANs refuses VLANs that no group of the caller allows, all of them, in a
// network made from a network template; -1 is none.
func MayUseVLANs(r store.Reader, c *one.Caller, scope Scope, text string, template int) error {
	if c.IsAdmin() {
		return nil
	}
	asked, ok := readSpans(text)
	if single := scope == ScopeVLAN || scope == ScopeOuter; single && ok {
		_, ok = readNumber(text)
	}
	if !ok {
		return one.Errorf(one.CodeAuthorization, "Invalid %s specification..", scope)
	}
	for _, rules := range rulesOf(r, c) {
		if allowed(rules, scope, asked, template) {
			return nil
		}
	}
	return one.Errorf(one.CodeAuthorization, "User is not authorized to use the requested %s.", scope)
}

// allowed tells whether each of the VLANs is within a rule.
func allowed(rules []vlanRule, scope Scope, asked []span, template int) bool {
	for _, ids := range asked {
		if !slices.ContainsFunc(rules, func(rule vlanRule) bool { return rule.allows(scope, ids, template) }) {
			return false
		}
	}
	return true
}

// rulesOf lists the rules of each of the caller's groups.
func rulesOf(r store.Reader, c *one.Caller) (list [][]vlanRule) {
	for _, id := range c.Groups {
		if g, ok := Kind.Table.Get(r, store.ID(id)); ok {
			list = append(list, g.vlanRules())
		}
	}
	return list
}
