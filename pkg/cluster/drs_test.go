package cluster

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/pkg/attr"
)

func TestDRS(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]DRS{
		"":                                       {Moves: -1, Weights: usual},
		"ONE_DRS=[POLICY=PACK, AUTOMATION=Full]": {Pack: true, Automation: Full, Moves: -1, Weights: usual},
		"ONE_DRS=[POLICY=balance,AUTOMATION=partial,MIGRATION_THRESHOLD=7,HOST_MIGRATION_THRESHOLD=3,CPU_WEIGHT=0.25,NET_WEIGHT=0.75]": {
			Automation: Partial, Moves: 3, Weights: map[string]float64{"CPU": 0.25, "NET": 0.75},
		},
		"ONE_DRS=[MIGRATION_THRESHOLD=-1,HOST_MIGRATION_THRESHOLD=0,CPU_WEIGHT=1,MEMORY_WEIGHT=1]": {Moves: 0, Weights: usual},
	} {
		c := Cluster{}
		c.Template, _ = attr.Parse(text)
		if diff := cmp.Diff(want, c.DRS()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}

func TestCheckDRS(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                "",
		"ONE_DRS=nothing": "",
		"ONE_DRS=[POLICY=\" Pack \",AUTOMATION=FULL,MIGRATION_THRESHOLD=\"\",CPU_WEIGHT=0.5]": "",
		"ONE_DRS=[AUTOMATION=full]":                                                   "POLICY",
		"ONE_DRS=[POLICY=pack]":                                                       "AUTOMATION",
		"ONE_DRS=[POLICY=pack,AUTOMATION=full,MIGRATION_THRESHOLD=-2]":                "MIGRATION_THRESHOLD",
		"ONE_DRS=[POLICY=pack,AUTOMATION=full,DS_MIGRATION_THRESHOLD=many]":           "DS_MIGRATION_THRESHOLD",
		"ONE_DRS=[POLICY=pack,AUTOMATION=full,NET_WEIGHT=-1]":                         "NET_WEIGHT",
		"ONE_DRS=[POLICY=pack,AUTOMATION=full,MIGRATION_THRESHOLD=1.5,PREDICTIVE=.1]": "PREDICTIVE",
	} {
		c, err := attr.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if err := checkDRS(c); err != nil {
			got = err.Error()
		}
		if want != "" {
			want = "Error cluster template contains invalid " + want
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
	c, _ := attr.Parse("ONE_DRS=[POLICY=\" Pack \",AUTOMATION=FULL]")
	if err := checkDRS(c); err != nil || c.Vector(drsAttr).Get("POLICY") != "pack" || c.Vector(drsAttr).Get("AUTOMATION") != "full" {
		t.Errorf("after the check: %v, %v", err, c.Vector(drsAttr))
	}
}
