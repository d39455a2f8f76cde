package group

import (
	"slices"
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/one"
)

// Scope is the VLAN attribute that a rule applies to.
type Scope string

// The scopes, and the one that stands for all of them.
const (
	ScopeVLAN   Scope = "VLAN_ID"
	ScopeOuter  Scope = "OUTER_VLAN_ID"
	ScopeCVLAN  Scope = "CVLAN"
	ScopeTagged Scope = "VLAN_TAGGED_ID"
	scopeAny    Scope = "ANY"
)

var scopes = []Scope{ScopeVLAN, ScopeOuter, ScopeCVLAN, ScopeTagged, scopeAny}

// span is a range of numbers, inclusive.
type span struct{ first, last int }

func (s span) holds(o span) bool { return s.first <= o.first && o.last <= s.last }

// anyTemplate is the VNTEMPLATE of a rule that applies to all networks.
const anyTemplate = "-1"

// vlanRule is a parsed RULE: members may use these VLAN IDs.
type vlanRule struct {
	scope     Scope
	ids       []span
	templates []span // the network templates it applies to; none means all networks
}

// readRule parses RULE=[ID="5,100-200", SCOPE="VLAN_ID", VNTEMPLATE="3-5"].
func readRule(v *attr.Attr) (rule vlanRule, err error) {
	if rule.ids, err = spansIn(v, "ID"); err != nil {
		return rule, err
	}
	rule.scope = Scope(strings.ToUpper(v.Get("SCOPE")))
	if !slices.Contains(scopes, rule.scope) {
		return rule, one.Errorf(one.CodeAction, "Wrong SCOPE in rule.")
	}
	if t := v.Get("VNTEMPLATE"); t != "" && t != anyTemplate {
		rule.templates, err = spansIn(v, "VNTEMPLATE")
	}
	return rule, err
}

// spansIn parses a required attribute of a rule.
func spansIn(v *attr.Attr, key string) ([]span, error) {
	text := v.Get(key)
	if text == "" {
		return nil, one.Errorf(one.CodeAction, "Missing %s in rule.", key)
	}
	list, ok := readSpans(text)
	if !ok {
		return nil, one.Errorf(one.CodeAction, "Invalid %s specification.", key)
	}
	return list, nil
}

// readSpans parses numbers and ranges such as "5,6,100-200". The ends of a range may be in
// either order.
func readSpans(text string) (list []span, ok bool) {
	for part := range strings.SplitSeq(text, ",") {
		from, to, ranged := strings.Cut(part, "-")
		if !ranged {
			to = from
		}
		first, valid := readNumber(from)
		last, valid2 := readNumber(to)
		if !valid || !valid2 {
			return nil, false
		}
		list = append(list, span{min(first, last), max(first, last)})
	}
	return list, true
}

// readNumber reads digits and nothing else.
func readNumber(text string) (int, bool) {
	if strings.Trim(text, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseInt(text, 10, 32)
	return int(n), err == nil
}

// holdsFor reports whether the rule applies to networks made from a network template (or -1).
func (r vlanRule) holdsFor(template int) bool {
	return len(r.templates) == 0 || slices.ContainsFunc(r.templates, func(s span) bool { return s.holds(span{template, template}) })
}

// allows reports whether the rule allows these VLAN IDs.
func (r vlanRule) allows(scope Scope, ids span, template int) bool {
	return (r.scope == scope || r.scope == scopeAny) && r.holdsFor(template) &&
		slices.ContainsFunc(r.ids, func(s span) bool { return s.holds(ids) })
}
