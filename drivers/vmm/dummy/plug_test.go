package dummy_test

import (
	"errors"
	"testing"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/vmm/dummy"
	"github.com/renkei-vpe/renkei/pkg/attr"
)

// If a NIC or the rules of a security group cannot be updated, the error is the ID of the network
// or of the group, as in oned.
func TestRefusedUpdatesNameTheirNetworkOrSecurityGroup(t *testing.T) {
	t.Parallel()
	actions := t.TempDir()
	d := dummy.New(dummy.Settings{ActionsDir: actions})
	vm, hv := newVM(1), d.On(node1)
	vm.Template.Add(attr.NewVector("NIC", attr.Pair{Key: "NIC_ID", Value: "4"}, attr.Pair{Key: "NETWORK_ID", Value: "17"}))
	deploy(t, d, vm)
	for _, c := range []struct {
		action, want string
		do           func() error
	}{
		{"update_nic", "17", func() error { return hv.(drivers.NICTuner).TuneNIC(t.Context(), vm, 4) }},
		{"update_sg", "100", func() error { return hv.(drivers.GroupFollower).FollowGroup(t.Context(), vm, 100) }},
	} {
		if err := c.do(); err != nil {
			t.Errorf("%s, not told to fail: %v", c.action, err)
		}
		script(t, actions, c.action, "failure")
		var said *drivers.Said
		if err := c.do(); !errors.As(err, &said) || said.Text != c.want {
			t.Errorf("%s: got %v, want a failure that says %s", c.action, err, c.want)
		}
	}
}
