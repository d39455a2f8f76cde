package server

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"

	"github.com/renkei-vpe/renkei/pkg/config"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// TestInheritedAttributes: a list that is not given is oned.conf's, a dash is nothing.
func TestInheritedAttributes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		said, want []string
	}{{nil, []string{"oned's"}}, {[]string{"-"}, []string{}}, {[]string{"COLOR"}, []string{"COLOR"}}} {
		lists := image.Inherited{Image: []string{"oned's"}, Datastore: []string{"oned's"}}
		vms := vm.Settings{Disks: lists}
		vms.Network.Inherit = []string{"oned's"}
		applyRights(config.Rights{ImageInherit: c.said, DSInherit: c.said, VNetInherit: c.said}, &vms, &image.Settings{})
		for what, got := range map[string][]string{"images": vms.Disks.Image, "datastores": vms.Disks.Datastore, "networks": vms.Network.Inherit} {
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("%q of %s (-want +got):\n%s", c.said, what, diff)
			}
		}
	}
}

// TestOnedConfHasOneOrder: what clients are told is the same whenever they ask.
func TestOnedConfHasOneOrder(t *testing.T) {
	t.Parallel()
	var names []string
	for _, v := range onedConf(config.Default()).Vectors("TM_MAD_CONF") {
		names = append(names, v.Get("NAME"))
	}
	if !slices.IsSorted(names) || len(names) < 5 {
		t.Errorf("transfer drivers: %q", names)
	}
}

// TestNetworkDrivers: networks may name all drivers that there are.
func TestNetworkDrivers(t *testing.T) {
	t.Parallel()
	c := config.Default()
	c.Data = t.TempDir()
	d, err := openDrivers(c, c.Data, zerolog.Nop())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	for name := range d.net {
		if !slices.Contains(c.Network.Drivers, name) {
			t.Errorf("networks may not name %s", name)
		}
	}
	c.Network.Conf = "vxlan_mut=1450"
	if _, err := openDrivers(c, c.Data, zerolog.Nop()); err == nil || !strings.Contains(err.Error(), `network.conf: "vxlan_mut" is none of`) {
		t.Errorf("a CONF that is none: %v", err)
	}
}
