package group_test

import (
	"testing"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/group"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// setVLANs sets the rules of a group and returns the text of the refusal.
func setVLANs(t *testing.T, s *store.Store, id int, text string) string {
	t.Helper()
	rules, err := attr.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return try(t, s, func(tx *store.Tx) error { return group.SetVLANs(tx, id, rules) })
}

// vlanRules is the VLAN_RULES of a group.
func vlanRules(t *testing.T, s *store.Store, id int) string {
	t.Helper()
	g, err := group.Kind.Get(s.Read(), id)
	if err != nil {
		t.Fatal(err)
	}
	return string(g.VLANRules().AppendInner(nil))
}

func TestSetVLANs(t *testing.T) {
	t.Parallel()
	s := open(t)
	const none = "<ID><![CDATA[100]]></ID>"
	kept := none
	for _, tt := range []struct{ text, refusal, want string }{
		{`VLAN_IDS="10:20"`, "", none + "<VLAN_IDS><![CDATA[10:20]]></VLAN_IDS>"},
		{
			`RULE=[ID="5,100-200",SCOPE=cvlan,TYPE=x,TARGET_ID=3] ID=7`, "",
			none + "<RULE><ID><![CDATA[5,100-200]]></ID><SCOPE><![CDATA[CVLAN]]></SCOPE><VNTEMPLATE><![CDATA[-1]]></VNTEMPLATE></RULE>",
		},
		{
			`RULE=[ID="1",SCOPE=ANY,VNTEMPLATE="9-7,2"]`, "",
			none + "<RULE><ID><![CDATA[1]]></ID><SCOPE><![CDATA[ANY]]></SCOPE><VNTEMPLATE><![CDATA[9-7,2]]></VNTEMPLATE></RULE>",
		},
		{`RULE=[SCOPE=ANY]`, "Missing ID in rule.", ""},
		{`RULE=[ID="1",SCOPE=ANY] RULE=[ID="2"]`, "Wrong SCOPE in rule.", ""},
		{`RULE=[ID="1",SCOPE=VLAN]`, "Wrong SCOPE in rule.", ""},
		{`RULE=[ID="1,",SCOPE=ANY]`, "Invalid ID specification.", ""},
		{`RULE=[ID="1-2-3",SCOPE=ANY]`, "Invalid ID specification.", ""},
		{`RULE=[ID="-1",SCOPE=ANY]`, "Invalid ID specification.", ""},
		{`RULE=[ID="+1",SCOPE=ANY]`, "Invalid ID specification.", ""},
		{`RULE=[ID="4294967296",SCOPE=ANY]`, "Invalid ID specification.", ""},
		{`RULE=[ID="1",SCOPE=ANY,VNTEMPLATE="-2"]`, "Invalid VNTEMPLATE specification.", ""},
		{"", "", none},
		{`RULE=[]`, "", none},
	} {
		if got := setVLANs(t, s, 100, tt.text); got != tt.refusal {
			t.Errorf("%s: got %q, want %q", tt.text, got, tt.refusal)
		}
		if tt.refusal == "" {
			kept = tt.want
		}
		if got := vlanRules(t, s, 100); got != kept {
			t.Errorf("%s: the rules are %s", tt.text, got)
		}
	}
	if got := setVLANs(t, s, 4242, ""); got != "Error getting group [4242]." {
		t.Errorf("a group that is not there: %q", got)
	}
}

func TestMayUseVLANs(t *testing.T) {
	t.Parallel()
	s := open(t)
	setVLANs(t, s, 100, `RULE=[ID="200-100,7",SCOPE=VLAN_ID] RULE=[ID="1-9",SCOPE=CVLAN] RULE=[ID="10-19",SCOPE=CVLAN]`)
	setVLANs(t, s, 101, `RULE=[ID="50-59",SCOPE=ANY,VNTEMPLATE="3,5-6"]`)
	alice := &one.Caller{UID: 2, Groups: []int{100, 101, 4242}}
	for _, tt := range []struct {
		scope    group.Scope
		text     string
		template int
		want     string
	}{
		{group.ScopeVLAN, "150", -1, ""},
		{group.ScopeVLAN, "7", 9, ""},
		{group.ScopeVLAN, "8", -1, "User is not authorized to use the requested VLAN_ID."},
		{group.ScopeVLAN, "7-7", -1, "Invalid VLAN_ID specification.."},
		{group.ScopeOuter, "x", -1, "Invalid OUTER_VLAN_ID specification.."},
		{group.ScopeOuter, "150", -1, "User is not authorized to use the requested OUTER_VLAN_ID."},
		{group.ScopeOuter, "50", 6, ""},
		{group.ScopeOuter, "50", 4, "User is not authorized to use the requested OUTER_VLAN_ID."},
		{group.ScopeOuter, "50", -1, "User is not authorized to use the requested OUTER_VLAN_ID."},
		{group.ScopeCVLAN, "2-5,12", -1, ""},
		{group.ScopeCVLAN, "5-12", -1, "User is not authorized to use the requested CVLAN."}, // no single rule allows all of it
		{group.ScopeCVLAN, "2,55", 3, "User is not authorized to use the requested CVLAN."},  // no single group allows all of it
		{group.ScopeCVLAN, "2,", -1, "Invalid CVLAN specification.."},
		{group.ScopeTagged, "51,53-55", 3, ""},
	} {
		got := ""
		if err := group.MayUseVLANs(s.Read(), alice, tt.scope, tt.text, tt.template); err != nil {
			got = err.Error()
		}
		if got != tt.want {
			t.Errorf("%s %s of template %d: got %q, want %q", tt.scope, tt.text, tt.template, got, tt.want)
		}
	}
	admin := &one.Caller{UID: 3, Groups: []int{0}}
	if err := group.MayUseVLANs(s.Read(), admin, group.ScopeVLAN, "8", -1); err != nil {
		t.Errorf("an administrator: %v", err)
	}
}

func TestRulesVLANs(t *testing.T) {
	t.Parallel()
	s := open(t)
	setVLANs(t, s, 100, `RULE=[ID="50",SCOPE=ANY,VNTEMPLATE="3-4"]`)
	alice, bob, admin := &one.Caller{UID: 2, Groups: []int{100}}, &one.Caller{UID: 3, Groups: []int{101}}, &one.Caller{}
	for _, tt := range []struct {
		c        *one.Caller
		template int
		want     bool
	}{{alice, 3, true}, {alice, 5, false}, {bob, 3, false}, {admin, 3, false}} {
		if got := group.RulesVLANs(s.Read(), tt.c, tt.template); got != tt.want {
			t.Errorf("user %d, template %d: %v", tt.c.UID, tt.template, got)
		}
	}
	setVLANs(t, s, 101, `RULE=[ID="50",SCOPE=VLAN_ID]`)
	if !group.RulesVLANs(s.Read(), bob, 8) {
		t.Error("a rule for all templates is not one for template 8")
	}
}
