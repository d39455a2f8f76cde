package group

import (
	"slices"
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// SetVLANs serves one.group.vlan: which VLAN IDs members may use in networks. It replaces all
// rules; attributes other than RULE are stored unchanged.
func SetVLANs(tx *store.Tx, id int, t attr.Template) error {
	g, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	t.DelFunc(func(a *attr.Attr) bool { return a.IsVector && len(a.Vector) == 0 }) // RULE=[] is ignored
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

// tidy checks a rule and normalizes it as oned does.
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

// VLANRules is the element VLAN_RULES of the group.
func (g *Group) VLANRules() attr.Template {
	t := g.VLANs.Clone()
	t.Set("ID", strconv.Itoa(g.ID))
	return t
}

// vlanRules parses the rules, which were checked when they were set.
func (g *Group) vlanRules() (list []vlanRule) {
	for _, v := range g.VLANs.Vectors("RULE") {
		if rule, err := readRule(v); err == nil {
			list = append(list, rule)
		}
	}
	return list
}

// RulesVLANs reports whether rules of the caller's groups apply to networks made from a network
// template. For administrators none apply.
func RulesVLANs(r store.Reader, c *one.Caller, template int) bool {
	return !c.IsAdmin() && slices.ContainsFunc(rulesOf(r, c), func(list []vlanRule) bool {
		return slices.ContainsFunc(list, func(rule vlanRule) bool { return rule.holdsFor(template) })
	})
}

// MayUseVLANs refuses VLAN IDs unless a group of the caller allows all of them, for a network
// made from a network template (or -1).
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

// allowed reports whether each VLAN ID is allowed by a rule.
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
