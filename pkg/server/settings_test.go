package server

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/config"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// TestInheritedAttributes: the default of a list is oned.conf's; a dash stands for an empty
// list.
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

// TestOnedConfHasOneOrder: the document's order never changes.
func TestOnedConfHasOneOrder(t *testing.T) {
	t.Parallel()
	var names []string
	for _, v := range onedConf(config.Default(), settingsOf(config.Default(), "")).Vectors("TM_MAD_CONF") {
		names = append(names, v.Get("NAME"))
	}
	if !slices.IsSorted(names) || len(names) < 5 {
		t.Errorf("transfer drivers: %q", names)
	}
}

// TestWhatSunstoneReads: Sunstone makes forms and buttons from these, and hides what it is
// not told of. It hands on the attributes that it names, and no others.
func TestWhatSunstoneReads(t *testing.T) {
	t.Parallel()
	c := config.Default()
	c.Quotas.VMAttribute = []string{"VCPU"}
	conf := onedConf(c, settingsOf(c, ""))
	for _, name := range []string{
		"CONTEXT_ALLOW_ETH_UPDATES", "DRS_INTERVAL", "IMAGE_RESTRICTED_ATTR", "QUOTA_VM_ATTRIBUTE", "VM_RESTRICTED_ATTR", "VNET_RESTRICTED_ATTR",
	} {
		if conf.Get(name) == "" {
			t.Errorf("nothing is said of %s", name)
		}
	}
	for name, keys := range map[string][]string{
		"AUTH_MAD":        {"AUTHN"},
		"DEFAULT_COST":    {"CPU_COST", "DISK_COST", "MEMORY_COST"},
		"DS_MAD_CONF":     {"NAME", "PERSISTENT_ONLY"},
		"FEDERATION":      {"MODE", "ZONE_ID"},
		"IM_MAD":          {"NAME"},
		"MARKET_MAD_CONF": {"NAME", "APP_ACTIONS", "SUNSTONE_NAME"},
		"VM_MAD":          {"NAME", "SUNSTONE_NAME"},
		"VNC_PORTS":       {"RESERVED", "START"},
		"VN_MAD_CONF":     {"NAME", "BRIDGE_TYPE"},
	} {
		vectors := conf.Vectors(name)
		if len(vectors) == 0 {
			t.Errorf("there is no %s", name)
		}
		for _, v := range vectors {
			for _, key := range keys {
				if v.Get(key) == "" {
					t.Errorf("a %s has no %s: %v", name, key, v)
				}
			}
		}
	}
}

// TestOnedConfFollowsTheSettings: what is shown is what is in force, not oned.conf as it
// is delivered.
func TestOnedConfFollowsTheSettings(t *testing.T) {
	t.Parallel()
	c := config.Default()
	c.Rights.VMRestricted, c.Rights.VNetInherit = []string{"SECRET"}, []string{"-"}
	c.Network.Drivers = []string{"bridge"}
	c.Scheduler.PlanEvery = 90 * time.Second
	conf := onedConf(c, settingsOf(c, ""))
	if got := valuesOf(conf, "VM_RESTRICTED_ATTR"); !slices.Equal(got, []string{"SECRET"}) {
		t.Errorf("restricted attributes of VMs: %q", got)
	}
	if got := valuesOf(conf, "INHERIT_VNET_ATTR"); len(got) != 0 {
		t.Errorf("NICs inherit %q", got)
	}
	if got := conf.Vectors("VN_MAD_CONF"); len(got) != 1 || got[0].Get("NAME") != "bridge" {
		t.Errorf("network drivers: %v", got)
	}
	if got := conf.Get("DRS_INTERVAL"); got != "90" {
		t.Errorf("plans every %q seconds", got)
	}
}

func valuesOf(t attr.Template, name string) (values []string) {
	for _, a := range t.Named(name) {
		values = append(values, a.Value)
	}
	return values
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
