package qcow2

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/drivertest"
	"github.com/renkei-vpe/renkei/drivers/remote"
	"github.com/renkei-vpe/renkei/pkg/attr"
)

// Hosts are simulated on one machine: each remote one has its own file system mounted in place
// of this machine's datastores.
const fakeSSH = `#!/bin/sh
while [ "$1" != -- ]; do [ "$1" != -O ] || exit 0; shift; done
exec unshare -m sh -c 'mount --bind "$1/../hosts/$2" "$1" && exec sh -c "$3"' sh "$RENKEI_TEST_ROOT" "$2" "$3"
`

type lab struct {
	root   string
	runner *remote.Runner
	tm     *Transfer
}

func newLab(t *testing.T) lab {
	t.Helper()
	needQemuImg(t)
	dir := t.TempDir()
	root := filepath.Join(dir, "datastores")
	for _, d := range []string{root + "/0", root + "/1", dir + "/hosts/vh1", dir + "/hosts/vh2"} {
		if err := os.MkdirAll(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	ssh := filepath.Join(dir, "ssh")
	script := strings.ReplaceAll(fakeSSH, "$RENKEI_TEST_ROOT", root)
	if err := os.WriteFile(ssh, []byte(script), 0o700); err != nil {
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
	tm, err := New(runner, root)
	if err != nil {
		t.Fatal(err)
	}
	return lab{root, runner, tm}
}

func needQemuImg(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("qemu-img"); err != nil {
		t.Skip("no qemu-img here: install qemu-utils")
	}
}

func needNamespaces(t *testing.T) {
	t.Helper()
	if out, err := exec.Command("unshare", "-m", "true").CombinedOutput(); err != nil {
		t.Skipf("no mount namespaces here, so no simulated hosts: %s", out)
	}
}

var (
	here = drivers.Host{ID: 0, Name: "front", Local: true}
	vh1  = drivers.Host{ID: 1, Name: "vh1"}
	vh2  = drivers.Host{ID: 2, Name: "vh2"}
)

// seen is the path at which the test finds a path of a host.
func (l lab) seen(h drivers.Host, path string) string {
	if h.Local {
		return path
	}
	return filepath.Join(l.root, "../hosts", h.Name, strings.TrimPrefix(path, l.root))
}

func (l lab) exists(t *testing.T, h drivers.Host, path string) bool {
	t.Helper()
	_, err := os.Lstat(l.seen(h, path))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	return err == nil
}

func (l lab) halfMake(t *testing.T, h drivers.Host, path string) {
	t.Helper()
	part := l.seen(h, path) + ".part"
	if err := os.MkdirAll(filepath.Dir(part), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(part, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
}

// image makes an image of 16 MiB that begins with mark.
func (l lab) image(t *testing.T, format, driver, mark string) (string, attr.Attr) {
	t.Helper()
	raw := filepath.Join(t.TempDir(), "raw")
	if err := os.WriteFile(raw, []byte(mark), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(raw, 16<<20); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(l.root, "1", format+"-image")
	if out, err := exec.Command("qemu-img", "convert", "-f", "raw", "-O", format, raw, path).CombinedOutput(); err != nil {
		t.Fatalf("qemu-img: %v: %s", err, out)
	}
	return path, attr.NewVector("DISK", attr.Pair{Key: "FORMAT", Value: format}, attr.Pair{Key: "DRIVER", Value: driver},
		attr.Pair{Key: "SIZE", Value: "16"})
}

func TestContract(t *testing.T) {
	t.Parallel()
	needQemuImg(t)
	needNamespaces(t)
	for _, c := range []struct {
		from, to                drivers.Host
		imageFormat, diskFormat string
	}{
		{here, vh1, "qcow2", "qcow2"}, {here, vh1, "raw", "qcow2"}, {vh1, vh2, "qcow2", "qcow2"}, {vh1, vh2, "raw", "raw"},
	} {
		t.Run(c.from.Name+" "+c.imageFormat+" as "+c.diskFormat, func(t *testing.T) {
			t.Parallel()
			drivertest.RunTM(t, func(t *testing.T) drivertest.TM {
				l := newLab(t)
				return drivertest.TM{
					Driver: l.tm, Host: c.from, Other: c.to, Root: l.root,
					NewImage: func(t *testing.T) (string, attr.Attr) { return l.image(t, c.imageFormat, c.diskFormat, "mark") },
					Exists:   l.exists, HalfMake: l.halfMake,
					Outside: []string{l.root, l.root + "/0", "/etc/passwd", l.root + "x/0/7"},
				}
			})
		})
	}
}

func TestFormatConversionOnClone(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	d := l.disk(t, "7", "qcow2", "raw")
	if err := l.tm.Clone(t.Context(), here, d); err != nil {
		t.Fatal(err)
	}
	got := make([]byte, 4)
	f, err := os.Open(d.Path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.Read(got); err != nil || string(got) != "what" {
		t.Errorf("the raw disk begins with %q, %v", got, err)
	}
}
