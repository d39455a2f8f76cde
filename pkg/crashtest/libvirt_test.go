package crashtest

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/bolt"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

var libvirtKills = flag.Int("libvirt-kills", 8, "how often the server of real guests is killed")

// TestKilledServersLoseNothingOfLibvirts does so with real guests on this machine's libvirt.
func TestKilledServersLoseNothingOfLibvirts(t *testing.T) {
	guest := os.Getenv("RENKEI_TEST_GUEST")
	switch {
	case os.Getenv("RENKEI_TEST_LIBVIRT") != "1" || guest == "":
		t.Skip("real guests: set RENKEI_TEST_LIBVIRT=1, and RENKEI_TEST_GUEST to a guest image")
	case os.Geteuid() != 0:
		t.Skip("real guests on a bridge: making the bridge takes root")
	}
	w := &realWorld{guest: guest, dir: t.TempDir()}
	w.prepare(t)
	h := newTestServer(t, w)
	firstIDs(t, h.data())
	h.killOverAndOver(t, *libvirtKills)
	h.checkWork(t, "boot", "save", "restore", "destroy", "epilog")
}

// checkWork logs how often effects ran, and requires that VMs have booted: otherwise the test
// has shown nothing.
func (h *testServer) checkWork(t *testing.T, ops ...string) {
	t.Helper()
	log, err := os.ReadFile(filepath.Join(h.dir, "log"))
	if err != nil {
		t.Fatal(err)
	}
	for _, op := range ops {
		n := strings.Count(string(log), `"op":"`+op+`"`)
		t.Logf("%s: %d times", op, n)
		if op == "boot" && n == 0 {
			t.Error("no VM was ever booted: bursts are too short for this machine")
		}
	}
}

// realWorld is this machine: its libvirt, a bridge, and a folder for disks.
type realWorld struct{ guest, dir string }

const (
	libvirtURI = "qemu:///system"
	bridge     = "rkcrash0"
	// firstID is large because domains are named after IDs, and other servers on this machine
	// may have VMs as well.
	firstID = 970_000
)

// prepare makes the folder and the bridge, and registers a cleanup that removes them and any
// domains left by a failed test.
func (w *realWorld) prepare(t *testing.T) {
	t.Helper()
	dir, err := os.MkdirTemp("/var/tmp", "renkei-vm-") // scripts/test.sh finds our domains by this name
	if err != nil {
		t.Fatal(err)
	}
	w.dir = dir
	if err := os.Chmod(dir, 0o711); err != nil { // for QEMU's user
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	_ = run("ip", "link", "delete", bridge) // left by a test that was killed
	if err := run("ip", "link", "add", bridge, "up", "type", "bridge", "forward_delay", "0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		w.endDomains(t)
		if err := run("ip", "link", "delete", bridge); err != nil {
			t.Error(err)
		}
	})
}

// endDomains destroys what a failed test has left.
func (w *realWorld) endDomains(t *testing.T) {
	t.Helper()
	names, err := ours("--all")
	if err != nil {
		t.Error(err)
	}
	for _, name := range names {
		_ = run("virsh", "-q", "-c", libvirtURI, "destroy", name) // fails if it is not running
		if err := run("virsh", "-q", "-c", libvirtURI, "undefine", "--managed-save", "--snapshots-metadata", name); err != nil {
			t.Error(err)
		}
	}
}

// firstIDs makes the IDs of a server's VMs begin with firstID, before its first start.
func firstIDs(t *testing.T, data string) {
	t.Helper()
	if err := os.MkdirAll(data, 0o711); err != nil {
		t.Fatal(err)
	}
	file, err := bolt.Open(filepath.Join(data, "renkei.db"))
	if err != nil {
		t.Fatal(err)
	}
	st, err := store.Open(store.Options{Log: file})
	if err != nil {
		t.Fatal(err)
	}
	err = st.Update(t.Context(), func(tx *store.Tx) error { tx.Next(vm.Kind.Table.Name(), firstID); return nil })
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
}

func (w *realWorld) settings() []string {
	return []string{"storage.location=" + w.dir + "/datastores", "libvirt.domain=qemu"}
}

// load is small: guests take memory, and CPU time while they boot. The test does not wait until
// a guest has booted, so no guest is asked to shut down.
func (w *realWorld) load() load {
	return load{
		clients: 4, pace: 100 * time.Millisecond, crowd: 6, burst: 5 * time.Second, patience: 2 * time.Minute,
		actions: []string{"terminate-hard", "poweroff-hard", "poweroff-hard", "suspend", "suspend", "resume", "resume", "resume"},
	}
}

func (w *realWorld) provide(t *testing.T, h *testServer) {
	t.Helper()
	image := filepath.Join(w.dir, "guest.qcow2")
	if err := copyFile(w.guest, image); err != nil {
		t.Fatal(err)
	}
	must(t, h.Client, "one.host.allocate", "localhost", "kvm", "kvm", -1)
	must(t, h.Client, "one.vn.allocate", "NAME=demo\nVN_MAD=bridge\nBRIDGE="+bridge+"\nAR=[TYPE=IP4, IP=10.78.9.1, SIZE=200]", -1)
	must(t, h.Client, "one.image.allocate", "NAME=demo\nTYPE=OS\nPATH="+image, 1)
	must(t, h.Client, "one.template.allocate", realTemplate)
	await(t, w.load().patience, "image", func() error { return wantAll(h, "one.imagepool.info", "IMAGE/STATE", "1", -2, -1, -1) })
}

const realTemplate = `NAME=demo
CPU=0.1
MEMORY=64
OS=[MACHINE=pc, ARCH=x86_64]
DISK=[IMAGE=demo]
NIC=[NETWORK=demo]
CONTEXT=[NETWORK=YES]`

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, in); err != nil {
		return err
	}
	return out.Close()
}

// domains asks libvirt for the domains of our VMs that are running or paused.
func (w *realWorld) domains(*testServer) (map[int]string, error) {
	names, err := ours()
	if err != nil {
		return nil, err
	}
	running := map[int]string{}
	for _, name := range names {
		id, err := strconv.Atoi(strings.TrimPrefix(name, "one-"))
		if err != nil {
			return nil, err
		}
		running[id] = "localhost"
	}
	return running, nil
}

// ours lists the domains of VMs from firstID on, up to the range of other tests.
func ours(flags ...string) (names []string, err error) {
	out, err := exec.CommandContext(context.Background(), "virsh", append([]string{"-q", "-c", libvirtURI, "list", "--name"}, flags...)...).Output()
	if err != nil {
		return nil, fmt.Errorf("listing domains: %w", err)
	}
	for name := range strings.FieldsSeq(string(out)) {
		if id, err := strconv.Atoi(strings.TrimPrefix(name, "one-")); err == nil && id >= firstID && id < firstID+10_000 {
			names = append(names, name)
		}
	}
	return names, nil
}

// left lists domains, running or defined, interfaces of VMs on the bridge, and every file of
// the system datastore.
func (w *realWorld) left(*testServer) ([]string, error) {
	left, err := ours("--all")
	if err != nil {
		return nil, err
	}
	files, err := filesBelow(filepath.Join(w.dir, "datastores", "0"))
	if err != nil {
		return nil, err
	}
	links, err := os.ReadDir(filepath.Join("/sys/class/net", bridge, "brif"))
	for _, link := range links {
		left = append(left, "link "+link.Name())
	}
	return append(left, files...), err
}

func run(argv ...string) error {
	if out, err := exec.Command(argv[0], argv[1:]...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", strings.Join(argv, " "), err, out)
	}
	return nil
}
