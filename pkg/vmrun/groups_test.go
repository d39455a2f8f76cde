package vmrun

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// TestRulesOfASecurityGroup: the network driver applies new rules first, then the hypervisor is
// told; each of them can refuse.
func TestRulesOfASecurityGroup(t *testing.T) {
	t.Parallel()
	for fails, want := range map[string][]string{
		"":                 {"activate new", "follow group 100 new"},
		"activate":         {"activate new"},
		"follow group 100": {"activate new", "follow group 100 new"},
	} {
		asked := []string{}
		l := fakeDrivers{asked: &asked, on: "new", fails: []string{fails}}
		j := &job{Runner: &Runner{Drivers: Drivers{Net: map[string]drivers.Network{"lab": fakeNetwork{l}}}}, vm: &vm.VM{}}
		j.vm.Template.Add(attr.NewVector("NIC", attr.Pair{Key: "NIC_ID", Value: "0"}, attr.Pair{Key: "VN_MAD", Value: "lab"}))
		j.here = place{host: drivers.Host{Name: "new"}, hv: l}
		if err := j.followGroup(t.Context(), 100); errors.Is(err, errLab) != (fails != "") {
			t.Errorf("fails %q: the answer is %v", fails, err)
		}
		if diff := cmp.Diff(want, asked); diff != "" {
			t.Errorf("fails %q: the drivers were asked something else:\n%s", fails, diff)
		}
	}
}
