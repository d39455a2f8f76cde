package bridge

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/drivertest"
	"github.com/renkei-vpe/renkei/pkg/attr"
)

// device is a NIC by PCI passthrough.
func device(more ...string) drivers.NIC {
	nic := drivers.NIC{ID: 1, Attrs: attr.NewVector("PCI")}
	return with(nic, append([]string{
		"TYPE", "NIC", "DOMAIN", "0000", "BUS", "85", "SLOT", "02", "FUNCTION", "3", "MAC", "02:00:00:00:00:01", "BRIDGE", "onebr.5", "PHYDEV", "p0",
	}, more...)...)
}

func TestCommandsOfVFs(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		nic    drivers.NIC
		script string
		want   []string
	}{
		"plain":      {device(), "3 eth0 \n", []string{"ip link set dev eth0 vf 3 mac 02:00:00:00:00:01 vlan 0"}},
		"all":        {device("VLAN_ID", "5", "SPOOFCHK", "on", "TRUST", "YES"), "3 eth0 \n", []string{"ip link set dev eth0 vf 3 mac 02:00:00:00:00:01 vlan 5 spoofchk on trust on"}},
		"off":        {device("SPOOFCHK", "no", "TRUST", "off"), "0 eth0 \n", []string{"ip link set dev eth0 vf 0 mac 02:00:00:00:00:01 vlan 0 spoofchk off trust off"}},
		"switchdev":  {device("VLAN_ID", "5", "TRUST", "yes"), "3 eth0 yes\n", []string{"ip link set dev eth0 vf 3 mac 02:00:00:00:00:01"}},
		"whole card": {device("VLAN_ID", "5"), "", nil},
	} {
		k := newKernel()
		k.script = c.script
		d := direct{over(k, tagged), newHosts(k, Settings{})}
		for what, call := range map[string]func() error{
			"Setup":  func() error { return d.Setup(t.Context(), host, drivers.VM{ID: 7}, c.nic) },
			"Rewire": func() error { return d.Rewire(t.Context(), host, c.nic, []drivers.NIC{c.nic}) },
		} {
			if err := call(); err != nil {
				t.Errorf("%s: %s: %v", name, what, err)
			}
			if diff := cmp.Diff(append([]string{"script /sys 0000:85:02.3"}, c.want...), k.takeAsked()); diff != "" {
				t.Errorf("%s: %s (-want +got):\n%s", name, what, diff)
			}
		}
		for what, call := range map[string]func() error{
			"Activate": func() error { return d.Activate(t.Context(), host, drivers.VM{ID: 7}, c.nic) },
			"Clean":    func() error { return d.Clean(t.Context(), host, drivers.VM{ID: 7}, c.nic) },
		} {
			if err := call(); err != nil || len(k.takeAsked()) > 0 {
				t.Errorf("%s: %s: %v, want nothing to be done", name, what, err)
			}
		}
	}
}

func TestRefusalsOfVFs(t *testing.T) {
	t.Parallel()
	for want, c := range map[string]struct {
		nic    drivers.NIC
		script string
	}{
		`PCI/BUS = "85; reboot"`: {device("BUS", "85; reboot"), "3 eth0 "},
		`VLAN_ID is "5 trust on`: {device("VLAN_ID", "5 trust on"), "3 eth0 "},
		"invalid MAC":            {device("MAC", "02:00:00:00:00:01 trust on"), "3 eth0 "},
		"has no network device":  {device(), "3  "},
	} {
		k := newKernel()
		k.script = c.script
		d := direct{over(k, plain), newHosts(k, Settings{})}
		if err := d.Setup(t.Context(), host, drivers.VM{}, c.nic); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Setup = %v, want an error that says %q", err, want)
		}
	}
}

// TestFindVF has a sysfs with two cards, one of them with representors (switchdev).
func TestFindVF(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	devices := filepath.Join(root, "bus", "pci", "devices")
	card := func(address string, ports map[string]string) {
		for name, port := range ports {
			must(os.MkdirAll(filepath.Join(devices, address, "net", name), 0o700))
			if port != "" {
				must(os.WriteFile(filepath.Join(devices, address, "net", name, "phys_port_name"), []byte(port+"\n"), 0o600))
			}
		}
	}
	vf := func(address, of, index string) {
		must(os.MkdirAll(filepath.Join(devices, address), 0o700))
		must(os.Symlink("../"+of, filepath.Join(devices, address, "physfn")))
		must(os.Symlink("../"+address, filepath.Join(devices, of, "virtfn"+index)))
	}
	card("0000:85:00.0", map[string]string{"enp133s0f0": ""})
	card("0000:86:00.0", map[string]string{"eth7": "p0", "eth8": "pf0vf1", "eth9": "pf0vf11"})
	must(os.MkdirAll(filepath.Join(devices, "0000:87:00.0"), 0o700))
	for at, index := range []string{"0", "1", "11"} {
		vf("0000:85:02."+string(rune('0'+at)), "0000:85:00.0", index)
		vf("0000:86:02."+string(rune('0'+at)), "0000:86:00.0", index)
	}
	vf("0000:87:02.0", "0000:87:00.0", "0")
	for address, want := range map[string]string{
		"0000:85:02.0": "0 enp133s0f0 ", "0000:85:02.2": "11 enp133s0f0 ", "0000:85:00.0": "",
		"0000:86:02.0": "0 eth7 ", "0000:86:02.1": "1 eth7 yes", "0000:86:02.2": "11 eth7 yes",
	} {
		out, err := exec.Command("sh", "-euc", findVF, "sh", root, address).CombinedOutput()
		if got := strings.TrimSuffix(string(out), "\n"); got != want || err != nil {
			t.Errorf("%s: got %q, %v; want %q", address, got, err, want)
		}
	}
	out, err := exec.Command("sh", "-euc", findVF, "sh", root, "0000:99:00.0").CombinedOutput()
	if err == nil || !strings.Contains(string(out), "there is no PCI device 0000:99:00.0") {
		t.Errorf("a device that is not there: %q, %v", out, err)
	}
}

// TestContractOfAll checks all drivers, assembled as in the server, on a simulated host.
func TestContractOfAll(t *testing.T) {
	t.Parallel()
	for name := range mustDrivers(t, newKernel()) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			drivertest.RunNetwork(t, func(t *testing.T) drivertest.Network {
				k := newKernel("p0")
				return drivertest.Network{Driver: mustDrivers(t, k)[name], Host: host, NIC: inVLAN, Ready: func(*testing.T) bool { return k.devices["onebr.5"] != nil }}
			})
		})
	}
}

// TestVFsInAVXLAN: VFs cannot have VXLANs, so nothing is configured.
func TestVFsInAVXLAN(t *testing.T) {
	t.Parallel()
	k := newKernel()
	d := mustDrivers(t, k)["vxlan"]
	if err := d.Setup(t.Context(), host, drivers.VM{}, device("VLAN_ID", "5000")); err != nil || len(k.takeAsked()) > 0 {
		t.Errorf("Setup = %v, want nothing to be done", err)
	}
}

func mustDrivers(t *testing.T, sh shell) map[string]drivers.Network {
	t.Helper()
	all, err := Drivers(sh, Settings{})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
