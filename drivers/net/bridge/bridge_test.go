package bridge

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/drivertest"
	"github.com/renkei-vpe/renkei/drivers/remote"
	"github.com/renkei-vpe/renkei/pkg/attr"
)

// lab is a host with a network of its own: a network namespace that is kept by a process of the
// test's, and which a fake ssh enters.
type lab struct {
	n   *Network
	pid int // of the process that holds the namespace
	run func(args ...string) (string, error)
}

var host = drivers.Host{ID: 1, Name: "vh1"}

func newLab(t *testing.T) lab {
	t.Helper()
	hold := exec.Command("unshare", "-n", "sh", "-c", "echo up; exec cat")
	stdin, err := hold.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := hold.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := hold.Start(); err != nil {
		t.Skip("no unshare here: ", err)
	}
	t.Cleanup(func() {
		_ = stdin.Close() // ends cat
		_ = hold.Wait()
	})
	if n, _ := stdout.Read(make([]byte, 3)); n == 0 {
		t.Skip("no network namespaces here")
	}
	ssh := filepath.Join(t.TempDir(), "ssh")
	script := "while [ \"$1\" != -- ]; do [ \"$1\" != -O ] || exit 0; shift; done\n" +
		"exec nsenter -n/proc/" + strconv.Itoa(hold.Process.Pid) + "/ns/net sh -c \"$3\"\n"
	if err := os.WriteFile(ssh, []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	runner, err := remote.New(remote.Config{SSH: []string{"sh", ssh}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := runner.Close(); err != nil {
			t.Error(err)
		}
	})
	return lab{n: over(runner, plain), pid: hold.Process.Pid, run: func(args ...string) (string, error) {
		out, err := runner.Command(t.Context(), host, args...)
		return string(out), err
	}}
}

// over is a network driver with these uplinks and default settings.
func over(sh shell, w wiring) *Network { return &Network{newHosts(sh, Settings{}), w} }

func (l lab) ip(t *testing.T, args string) string {
	t.Helper()
	out, err := l.run(append([]string{"ip"}, strings.Fields(args)...)...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// withPHY is a lab with a network device p0.
func withPHY(t *testing.T) lab {
	t.Helper()
	l := newLab(t)
	l.ip(t, "link add name p0 type veth peer name p1")
	return l
}

func (l lab) has(t *testing.T, device string) bool {
	t.Helper()
	return strings.Contains(l.ip(t, "-o link show"), " "+device+":")
}

func nicOn(pairs ...attr.Pair) drivers.NIC {
	return drivers.NIC{ID: 0, Attrs: attr.NewVector("NIC", pairs...)}
}

var (
	found = nicOn(attr.Pair{Key: "BRIDGE", Value: "br7"})
	made  = nicOn(attr.Pair{Key: "BRIDGE", Value: "br7"}, attr.Pair{Key: "PHYDEV", Value: "p0"})
)

func TestContract(t *testing.T) {
	t.Parallel()
	drivertest.RunNetwork(t, func(t *testing.T) drivertest.Network {
		l := withPHY(t)
		return drivertest.Network{Driver: l.n, Host: host, NIC: made, Ready: func(t *testing.T) bool { return l.has(t, "br7") }}
	})
}

func TestMissingBridgeTellsTheCommand(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	err := l.n.Setup(t.Context(), host, drivers.VM{ID: 7}, found)
	if err == nil {
		t.Fatal("Setup without a bridge succeeded")
	}
	_, command, _ := strings.Cut(err.Error(), `"`)
	command, _, _ = strings.Cut(command, `"`)
	if _, err := l.run("sh", "-c", command); err != nil {
		t.Fatalf("the advised command %q: %v", command, err)
	}
	if err := l.n.Setup(t.Context(), host, drivers.VM{ID: 7}, found); err != nil {
		t.Errorf("Setup after the advised command: %v", err)
	}
}

func TestBridgeThatIsDown(t *testing.T) {
	t.Parallel()
	l := withPHY(t)
	l.ip(t, "link add name br7 type bridge")
	if err := l.n.Setup(t.Context(), host, drivers.VM{ID: 7}, found); err == nil || !strings.Contains(err.Error(), `"ip link set dev br7 up"`) {
		t.Errorf("Setup = %v, want the command to bring it up", err)
	}
	if err := l.n.Setup(t.Context(), host, drivers.VM{ID: 7}, made); err != nil {
		t.Errorf("Setup with PHYDEV: %v", err)
	}
	if !strings.Contains(l.ip(t, "-o link show dev br7"), ",UP") {
		t.Error("the bridge is still down")
	}
}

func TestForeignBridgeStays(t *testing.T) {
	t.Parallel()
	l := withPHY(t)
	l.ip(t, "link add name br7 type bridge")
	l.ip(t, "link set dev br7 up")
	if err := l.n.Setup(t.Context(), host, drivers.VM{ID: 7}, made); err != nil {
		t.Fatal(err)
	}
	if err := l.n.Clean(t.Context(), host, drivers.VM{ID: 7}, made); err != nil {
		t.Fatal(err)
	}
	if !l.has(t, "br7") {
		t.Error("a bridge that the driver did not create was deleted")
	}
}

// TestUsedBridgeStays also makes a new driver, as a restart does.
func TestUsedBridgeStays(t *testing.T) {
	t.Parallel()
	l := withPHY(t)
	if err := l.n.Setup(t.Context(), host, drivers.VM{ID: 7}, made); err != nil {
		t.Fatal(err)
	}
	l.ip(t, "link add name tap0 type veth peer name tap1")
	l.ip(t, "link set dev tap0 master br7")
	restarted := over(l.n.shell, plain)
	if err := restarted.Clean(t.Context(), host, drivers.VM{ID: 7}, made); err != nil {
		t.Fatal(err)
	}
	if !l.has(t, "br7") {
		t.Fatal("a bridge with a VM on it was deleted")
	}
	l.ip(t, "link delete dev tap0")
	if err := restarted.Clean(t.Context(), host, drivers.VM{ID: 8}, made); err != nil {
		t.Fatal(err)
	}
	if l.has(t, "br7") {
		t.Error("an unused bridge was not deleted")
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	l := withPHY(t)
	l.ip(t, "link add name br8 type bridge")
	l.ip(t, "link set dev p1 master br8")
	on := func(bridge, phydev string) drivers.NIC {
		return nicOn(attr.Pair{Key: "BRIDGE", Value: bridge}, attr.Pair{Key: "PHYDEV", Value: phydev})
	}
	for want, nic := range map[string]drivers.NIC{
		"has no BRIDGE":              nicOn(),
		"cannot be the name":         on("-help", ""),
		"cannot be the name of a":    on("br7; reboot", ""),
		"cannot be the name of":      on("a-name-that-is-too-long", ""),
		"is not a bridge":            on("p0", ""),
		"is not a bridge but":        on("p1", "p0"),
		"has no device eth9":         on("br7", "eth9"),
		"belongs to br8":             on("br7", "p1"),
		"has no bridge br7: make":    on("br7", ""),
		"\"b:c\" cannot be the name": on("b:c", ""),
	} {
		if err := l.n.Setup(t.Context(), host, drivers.VM{ID: 7}, nic); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Setup = %v, want an error that says %q", err, want)
		}
	}
}

// TestRewire moves a bridge to another device; doing so again changes nothing.
func TestRewire(t *testing.T) {
	t.Parallel()
	l := withPHY(t)
	if err := l.n.Setup(t.Context(), host, drivers.VM{ID: 7}, made); err != nil {
		t.Fatal(err)
	}
	l.ip(t, "link add name phy9 type veth peer name phy9peer")
	moved := drivers.NIC{ID: made.ID, Attrs: made.Attrs.Clone()}
	moved.Attrs.Set("PHYDEV", "phy9")
	for range 2 {
		if err := l.n.Rewire(t.Context(), host, moved, []drivers.NIC{found, made, moved}); err != nil {
			t.Fatal(err)
		}
		if got := l.ip(t, "-o link show master br7"); !strings.Contains(got, "phy9@") || strings.Contains(got, " p0@") {
			t.Fatalf("on the bridge are %s", got)
		}
	}
}

// TestRewireFailure: a failed change disconnects no VM.
func TestRewireFailure(t *testing.T) {
	t.Parallel()
	l := withPHY(t)
	if err := l.n.Setup(t.Context(), host, drivers.VM{ID: 7}, made); err != nil {
		t.Fatal(err)
	}
	moved := drivers.NIC{ID: made.ID, Attrs: made.Attrs.Clone()}
	moved.Attrs.Set("PHYDEV", "eth9")
	if err := l.n.Rewire(t.Context(), host, moved, []drivers.NIC{made}); err == nil || !strings.Contains(err.Error(), "has no device eth9") {
		t.Errorf("Rewire = %v, want that there is no eth9", err)
	}
	if got := l.ip(t, "-o link show master br7"); !strings.Contains(got, " p0@") {
		t.Errorf("on the bridge are %q, and no p0 any more", got)
	}
}
