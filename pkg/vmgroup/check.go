package vmgroup

import (
	"slices"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
)

// check refuses rules that name unknown roles or contradict each other
// (VMGroup::check_consistency).
func (g *VMGroup) check() error {
	for _, policy := range [...]string{Affined, AntiAffined} {
		for _, text := range g.rules(policy) {
			for _, name := range names(text) {
				if !g.HasRole(name) {
					return wrong("Some roles used in %s attribute (%s) are not defined", policy, text)
				}
			}
		}
	}
	if err := g.checkTwice(Affined); err != nil {
		return err
	}
	together, apart := g.inRules(Affined), g.inRules(AntiAffined)
	for _, role := range together {
		if policyOf(role) == AntiAffined {
			return wrong("Role %s is in an AFFINED rule but the role policy is ANTI_AFFINED", role.Get("NAME"))
		}
	}
	if err := g.checkTwice(AntiAffined); err != nil {
		return err
	}
	var both []string
	for _, role := range together {
		if slices.Contains(apart, role) {
			both = append(both, role.Get("NAME"))
		}
	}
	if both != nil {
		return wrong("Roles defined in AFFINED and ANTI_AFFINED rules: %s", strings.Join(both, " "))
	}
	return nil
}

// rules are the rules of a policy, as written.
func (g *VMGroup) rules(policy string) (texts []string) {
	for _, a := range g.Template.Named(policy) {
		if !a.IsVector {
			texts = append(texts, a.Value)
		}
	}
	return texts
}

// names are the roles in a rule, sorted and without duplicates.
func names(text string) []string {
	var list []string
	for part := range strings.SplitSeq(text, ",") {
		if name := strings.TrimSpace(part); name != "" {
			list = append(list, name)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// checkTwice refuses two rules of one policy with the same roles.
func (g *VMGroup) checkTwice(policy string) error {
	seen := map[string]bool{}
	for _, text := range g.rules(policy) {
		key := strings.Join(names(text), ",")
		if seen[key] {
			return wrong("Duplicated %s rule (%s) detected.", policy, text)
		}
		seen[key] = true
	}
	return nil
}

// inRules lists the roles in rules of a policy, in the order of their IDs.
func (g *VMGroup) inRules(policy string) []*attr.Attr {
	var all []string
	for _, text := range g.rules(policy) {
		all = append(all, names(text)...)
	}
	return slices.DeleteFunc(g.Roles.Vectors("ROLE"), func(r *attr.Attr) bool { return !slices.Contains(all, r.Get("NAME")) })
}

// policyOf is the policy of a role for its own VMs: Affined, AntiAffined or "".
func policyOf(role *attr.Attr) string {
	switch p := strings.ToUpper(role.Get("POLICY")); p {
	case Affined, AntiAffined:
		return p
	}
	return ""
}
