package qcow2

import (
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/qemuimg"
)

func (l lab) disk(t *testing.T, vm, format, driver string) drivers.Disk {
	t.Helper()
	source, attrs := l.image(t, format, driver, "what the image holds")
	return drivers.Disk{Attrs: attrs, Source: source, Path: path.Join(l.root, "0", vm, "disk.0")}
}

// read answers the first n bytes of a disk as a guest on h sees it.
func (l lab) read(t *testing.T, h drivers.Host, d drivers.Disk, n int) string {
	t.Helper()
	flat := path.Join(l.root, "0", "flat")
	defer l.runner.Discard(t.Context(), h, flat)
	if err := l.tm.tool(h).Convert(t.Context(), d.Path, Format(d.Attrs), flat, "raw"); err != nil {
		t.Fatal(err)
	}
	out, err := l.runner.Command(t.Context(), h, "head", "-c", "100", flat)
	if err != nil {
		t.Fatal(err)
	}
	return string(out[:n])
}

// TestContentFollowsTheVM moves a disk from host to host and back to the front end.
func TestContentFollowsTheVM(t *testing.T) {
	t.Parallel()
	needNamespaces(t)
	l := newLab(t)
	d := l.disk(t, "7", "qcow2", "qcow2")
	if err := l.tm.Clone(t.Context(), vh1, d); err != nil {
		t.Fatal(err)
	}
	at := vh1
	for _, to := range []drivers.Host{vh2, here, vh1} {
		if err := l.tm.Move(t.Context(), drivers.Folder{Host: at, Dir: path.Dir(d.Path)}, drivers.Folder{Host: to, Dir: path.Dir(d.Path)}); err != nil {
			t.Fatalf("to %s: %v", to.Name, err)
		}
		if got := l.read(t, to, d, 20); got != "what the image holds" {
			t.Errorf("on %s the disk holds %q", to.Name, got)
		}
		at = to
	}
}

// TestCacheServesManyAtOnce clones one image for many VMs concurrently. All get a link to one
// file, which was copied once.
func TestCacheServesManyAtOnce(t *testing.T) {
	t.Parallel()
	needNamespaces(t)
	l := newLab(t)
	d := l.disk(t, "0", "qcow2", "qcow2")
	var wg sync.WaitGroup
	for vm := range 6 {
		d := d
		d.Path = path.Join(l.root, "0", strconv.Itoa(vm), "disk.0")
		wg.Go(func() {
			if err := l.tm.Clone(t.Context(), vh1, d); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	key, err := cacheKey(d.Source)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(l.seen(vh1, path.Join(l.root, "cache", key)))
	if err != nil {
		t.Fatal(err)
	}
	if links := info.Sys().(*syscall.Stat_t).Nlink; links != 1+6 {
		t.Errorf("the image in the cache has %d links, want 1 and one for each of 6 VMs", links)
	}
}

func TestCacheOutlivesNobody(t *testing.T) {
	t.Parallel()
	needNamespaces(t)
	l := newLab(t)
	d := l.disk(t, "7", "qcow2", "qcow2")
	if err := l.tm.Clone(t.Context(), vh1, d); err != nil {
		t.Fatal(err)
	}
	cache := l.seen(vh1, path.Join(l.root, "cache"))
	entries := func() int {
		found, err := os.ReadDir(cache)
		if err != nil {
			t.Fatal(err)
		}
		return len(found)
	}
	if err := l.tm.Sweep(t.Context(), vh1, -1); err != nil || entries() != 1 {
		t.Errorf("with a VM on it, the sweep left %d images, %v; want 1", entries(), err)
	}
	if err := os.RemoveAll(cache); err != nil {
		t.Fatal(err)
	}
	if got := l.read(t, vh1, d, 4); got != "what" {
		t.Errorf("without the cache the disk holds %q", got)
	}
	if err := l.tm.Clone(t.Context(), vh1, l.disk(t, "8", "qcow2", "qcow2")); err != nil {
		t.Fatal(err)
	}
	if err := l.tm.Delete(t.Context(), vh1, path.Join(l.root, "0", "8")); err != nil {
		t.Fatal(err)
	}
	if err := l.tm.Sweep(t.Context(), vh1, -1); err != nil || entries() != 0 {
		t.Errorf("with no VM on it, the sweep left %d images, %v; want 0", entries(), err)
	}
}

func TestReturnBringsChangesHome(t *testing.T) {
	t.Parallel()
	needNamespaces(t)
	l := newLab(t)
	d := l.disk(t, "7", "raw", "raw")
	if err := l.tm.Link(t.Context(), vh1, d); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(l.seen(vh1, d.Path), []byte("changed by the guest"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := l.tm.Return(t.Context(), vh1, d); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(d.Source); err != nil || string(got) != "changed by the guest" {
		t.Errorf("the image holds %q, %v", got, err)
	}
	if err := l.tm.Delete(t.Context(), vh1, d.Path); err != nil {
		t.Fatal(err)
	}
	if err := l.tm.Return(t.Context(), vh1, d); err == nil {
		t.Error("Return of a missing disk succeeded")
	}
}

func TestLocalLinkIsTheImage(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	d := l.disk(t, "7", "raw", "raw")
	if err := l.tm.Link(t.Context(), here, d); err != nil {
		t.Fatal(err)
	}
	if to, err := os.Readlink(d.Path); err != nil || to != d.Source {
		t.Errorf("the disk leads to %q, %v; want %q", to, err, d.Source)
	}
}

func TestCloneHasTheSizeAskedFor(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	d := l.disk(t, "7", "qcow2", "qcow2")
	d.Attrs.Set("SIZE", "40")
	if err := l.tm.Clone(t.Context(), here, d); err != nil {
		t.Fatal(err)
	}
	info, err := l.tm.tool(here).Info(t.Context(), d.Path, "qcow2")
	if err != nil || info.VirtualBytes != 40*qemuimg.MiB {
		t.Errorf("size %d, %v; want 40 MiB", info.VirtualBytes, err)
	}
}

func TestSnapshotsKeepContent(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	d := l.disk(t, "7", "qcow2", "qcow2")
	ctx := t.Context()
	must := func(what string, err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
	}
	write := func(text string) {
		t.Helper()
		file := filepath.Join(t.TempDir(), "text")
		must("writing", os.WriteFile(file, []byte(text), 0o600))
		if out, err := exec.Command("qemu-io", "-f", "qcow2", "-c", "write -s "+file+" 0 "+"512", d.Path).CombinedOutput(); err != nil {
			t.Fatalf("qemu-io: %v: %s", err, out)
		}
	}
	must("Clone", l.tm.Clone(ctx, here, d))
	for range 2 {
		must("create", l.tm.CreateDiskSnapshot(ctx, here, d, 3))
	}
	write("overwritten ")
	if got := l.read(t, here, d, 11); got != "overwritten" {
		t.Fatalf("the disk holds %q", got)
	}
	for range 2 {
		must("revert", l.tm.RevertDiskSnapshot(ctx, here, d, 3))
	}
	if got := l.read(t, here, d, 20); got != "what the image holds" {
		t.Errorf("after the revert the disk holds %q", got)
	}
	for range 2 {
		must("delete", l.tm.DeleteDiskSnapshot(ctx, here, d, 3))
	}
	if err := l.tm.RevertDiskSnapshot(ctx, here, d, 3); err == nil {
		t.Error("reverting to a deleted snapshot succeeded")
	}
	d.Attrs.Set("DRIVER", "raw")
	if err := l.tm.CreateDiskSnapshot(ctx, here, d, 3); err == nil || !strings.Contains(err.Error(), "only qcow2") {
		t.Errorf("snapshot of a raw disk: %v", err)
	}
}

func TestLinksDoNotLeadOutside(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	precious := t.TempDir()
	file := filepath.Join(precious, "disk.0")
	if err := os.WriteFile(file, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(precious, path.Join(l.root, "0", "7")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(file, path.Join(l.root, "0", "link")); err != nil {
		t.Fatal(err)
	}
	d := l.disk(t, "7", "qcow2", "qcow2")
	for what, err := range map[string]error{
		"Delete": l.tm.Delete(t.Context(), here, d.Path),
		"Clone":  l.tm.Clone(t.Context(), here, d),
		"Resize": l.tm.Resize(t.Context(), here, d, 64),
	} {
		if err == nil || !strings.Contains(err.Error(), "a link leads") {
			t.Errorf("%s through a link: %v", what, err)
		}
	}
	if err := l.tm.Delete(t.Context(), here, path.Join(l.root, "0", "link")); err != nil {
		t.Errorf("Delete of a link itself: %v", err)
	}
	if got, err := os.ReadFile(file); err != nil || string(got) != "precious" {
		t.Errorf("the file outside holds %q, %v", got, err)
	}
}

func TestDiskFullIsReported(t *testing.T) {
	t.Parallel()
	needNamespaces(t)
	l := newLab(t)
	small := filepath.Join(l.root, "../hosts/vh1")
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", small).CombinedOutput(); err != nil {
		t.Skipf("no tmpfs here: %s", out)
	}
	t.Cleanup(func() {
		if out, err := exec.Command("umount", small).CombinedOutput(); err != nil {
			t.Errorf("umount: %s", out)
		}
	})
	d := l.disk(t, "7", "raw", "raw")
	if err := os.WriteFile(d.Source, []byte(strings.Repeat("full", 1<<20)), 0o600); err != nil {
		t.Fatal(err)
	}
	for what, call := range map[string]func() error{
		"Clone": func() error { return l.tm.Clone(t.Context(), vh1, d) },
		"Link":  func() error { return l.tm.Link(t.Context(), vh1, d) },
	} {
		if err := call(); err == nil || !strings.Contains(err.Error(), "No space left on device") {
			t.Errorf("%s on a full disk: %v", what, err)
		}
	}
	var left []string
	err := filepath.WalkDir(small, func(p string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			left = append(left, p)
		}
		return err
	})
	if diff := cmp.Diff([]string(nil), left); diff != "" || err != nil {
		t.Errorf("files left (-want +got): %s, %v", diff, err)
	}
}
