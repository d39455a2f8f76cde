package network_test

import (
	"fmt"
	"testing"

	"github.com/renkei-vpe/renkei/pkg/group"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// withRules is a world where alice's group has VLAN rules.
func withRules(t *testing.T, rules string) *world {
	t.Helper()
	w := open(t)
	w.s.Restricted = nil
	parsed := w.parse(rules)
	w.do(func(tx *store.Tx) error {
		group.Kind.Put(tx, &group.Group{Meta: object.Meta{ID: alice.GID, Name: alice.GName}})
		return group.SetVLANs(tx, alice.GID, parsed)
	})
	return w
}

func refusal(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestVLANsOfNewNetworks(t *testing.T) {
	t.Parallel()
	const no = "User [2] : User is not authorized to use the requested "
	w := withRules(t, `RULE=[ID="100-200",SCOPE=VLAN_ID] RULE=[ID="7",SCOPE=ANY]`)
	for i, tt := range []struct{ more, want string }{
		{"", ""},
		{"VLAN_ID=100", ""},
		{"VLAN_ID=99", no + "VLAN_ID."},
		{"VLAN_ID=99\nCVLANS=8", no + "VLAN_ID."},
		{"CVLANS=7", ""},
		{"CVLANS=\"7,8\"", no + "CVLAN."},
		{"VLAN_TAGGED_ID=\"a\"", "User [2] : Invalid VLAN_TAGGED_ID specification.."},
		{"OUTER_VLAN_ID=150", no + "OUTER_VLAN_ID."},
		{"AUTOMATIC_VLAN_ID=YES", ""},
		{"AR=[TYPE=ETHER,SIZE=1,VLAN_ID=99]", no + "VLAN_ID."},
		{"AR=[TYPE=ETHER,SIZE=1,VLAN_ID=7]", ""},
	} {
		text := fmt.Sprintf("NAME=n%d\nVN_MAD=dummy\nBRIDGE=b\n%s", i, tt.more)
		if _, err := w.allocate(alice, text); refusal(err) != tt.want {
			t.Errorf("%s: got %q, want %q", tt.more, refusal(err), tt.want)
		}
		if _, err := w.allocate(admin, text); err != nil {
			t.Errorf("%s, an administrator: %v", tt.more, err)
		}
	}
}

func TestVLANsOfChangedNetworks(t *testing.T) {
	t.Parallel()
	const no = "User [2] : User is not authorized to use the requested VLAN_ID."
	w := withRules(t, `RULE=[ID="7",SCOPE=VLAN_ID]`)
	id := w.net("n", "TYPE=ETHER,SIZE=1")
	update := func(text string) error {
		return w.try(func(tx *store.Tx) error { return network.Update(tx, w.s, alice, id, text, true) })
	}
	for name, tt := range map[string]struct {
		err  error
		want string
	}{
		"update":        {update("VLAN_ID=8"), no},
		"mere update":   {update("NOTE=8"), ""},
		"right update":  {update("VLAN_ID=7"), ""},
		"wrong text":    {update("VLAN_ID=8\nA=[X"), "Cannot update template. "},
		"add_ar":        {w.addAR(alice, id, "TYPE=ETHER,SIZE=1,VLAN_ID=8"), no},
		"right add_ar":  {w.addAR(alice, id, "TYPE=ETHER,SIZE=1,VLAN_ID=7"), ""},
		"update_ar":     {w.updateAR(alice, id, "AR_ID=0,VLAN_ID=8"), no},
		"right one":     {w.updateAR(alice, id, "AR_ID=0,VLAN_ID=7"), ""},
		"administrator": {w.updateAR(admin, id, "AR_ID=0,VLAN_ID=8"), ""},
	} {
		got := refusal(tt.err)
		if name == "wrong text" {
			got = got[:min(len(got), len(tt.want))]
		}
		if got != tt.want {
			t.Errorf("%s: got %q, want %q", name, got, tt.want)
		}
	}
}

func TestVLANsFromTemplates(t *testing.T) {
	t.Parallel()
	w := withRules(t, `RULE=[ID="7",SCOPE=VLAN_ID,VNTEMPLATE="3"]`)
	const chosen = "User [2] : Automatic selection of VLAN ID cannot be used with VLAN rules scoped to the VN Template."
	for _, tt := range []struct {
		text     string
		template int
		want     string
	}{
		{"VLAN_ID=7", 3, ""},
		{"VLAN_ID=7", 4, "User [2] : User is not authorized to use the requested VLAN_ID."},
		{"AUTOMATIC_VLAN_ID=YES", 3, chosen},
		{"AUTOMATIC_OUTER_VLAN_ID=YES\nVLAN_ID=7", 3, chosen},
		{"AUTOMATIC_VLAN_ID=NO", 3, ""},
		{"AUTOMATIC_VLAN_ID=YES", 4, ""},
		{"AUTOMATIC_VLAN_ID=YES", network.None, ""},
	} {
		if got := refusal(network.MayUseVLANs(w.st.Read(), alice, w.parse(tt.text), tt.template)); got != tt.want {
			t.Errorf("%q of template %d: got %q, want %q", tt.text, tt.template, got, tt.want)
		}
	}
}
