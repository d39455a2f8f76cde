package scripts

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The test's names differ from the users' defaults, so that both can exist at the same time.
const (
	upPort   = "26330"
	upBridge = "renkeitest0"
	upNet    = "10.79.201"
	upDisks  = "/var/lib/renkei/up-" + upPort
)

// TestUpAndDown: a guest answers on ssh; running up again changes nothing; down leaves no
// process, interface, domain or file.
func TestUpAndDown(t *testing.T) {
	realGuest(t)
	state := filepath.Join(t.TempDir(), "var")
	env := []string{
		"RENKEI_VAR=" + state, "RENKEI_AUTH=" + filepath.Join(t.TempDir(), "one_auth"),
		"RENKEI_PORT=" + upPort, "RENKEI_BRIDGE=" + upBridge, "RENKEI_NET=" + upNet, "PURGE=1", "RENKEI_MARKETS_ONE=",
	}
	t.Cleanup(func() { run(t, env, "./down.sh") }) // after a failure; running it twice does no harm
	first := run(t, env, "./up.sh")
	t.Log(first)
	if !strings.Contains(first, "the guest says: up for") {
		t.Error("no guest answered on ssh")
	}
	pid := server(t, state)
	second := run(t, env, "./up.sh")
	for _, made := range []string{"ID: ", "VM ID: "} {
		if strings.Contains(second, made) {
			t.Errorf("up made something anew:\n%s", second)
		}
	}
	if again := server(t, state); again != pid {
		t.Errorf("the server was process %s and is %s", pid, again)
	}
	run(t, env, "./down.sh")
	nothingLeft(t, pid, state)
}

// server answers the process ID of the server.
func server(t *testing.T, state string) string {
	t.Helper()
	pid, err := os.ReadFile(filepath.Join(state, "up", "renkei.pid"))
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(pid))
}

func nothingLeft(t *testing.T, pid, state string) {
	t.Helper()
	for _, path := range []string{"/proc/" + pid, "/sys/class/net/" + upBridge, upDisks, state} {
		if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s is left (%v)", path, err)
		}
	}
	domains, err := exec.Command("virsh", "-q", "-c", "qemu:///system", "list", "--all", "--name").Output()
	if err != nil {
		return // down has stopped the libvirt that up had started, and no domain exists without a file in its state folder
	}
	for _, name := range strings.Fields(string(domains)) {
		xml, err := exec.Command("virsh", "-q", "-c", "qemu:///system", "dumpxml", name).Output()
		if err == nil && strings.Contains(string(xml), upDisks) {
			t.Errorf("domain %s is left", name)
		}
	}
}
