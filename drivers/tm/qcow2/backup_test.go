package qcow2

import (
	"math/rand/v2"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/qemuimg"
)

// write fills 64 KiB of a disk that is off.
func write(t *testing.T, d drivers.Disk, mib, pattern int) {
	t.Helper()
	cmd := "write -P " + strconv.Itoa(pattern) + " " + strconv.Itoa(mib) + "M 64k"
	if out, err := exec.Command("qemu-io", "-f", Format(d.Attrs), "-c", cmd, d.Path).CombinedOutput(); err != nil {
		t.Fatalf("qemu-io: %v: %s", err, out)
	}
}

// content is all bytes of a disk.
func content(t *testing.T, file, format string) []byte {
	t.Helper()
	raw := filepath.Join(t.TempDir(), "raw")
	if out, err := exec.Command("qemu-img", "convert", "-f", format, "-O", "raw", file, raw).CombinedOutput(); err != nil {
		t.Fatalf("qemu-img: %v: %s", err, out)
	}
	all, err := os.ReadFile(raw)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func (l lab) made(t *testing.T, format string) drivers.Disk {
	t.Helper()
	if _, err := exec.LookPath("qemu-storage-daemon"); err != nil {
		t.Skip("no qemu-storage-daemon here: install qemu-utils")
	}
	d := l.disk(t, "7", format, format)
	if err := l.tm.Clone(t.Context(), here, d); err != nil {
		t.Fatal(err)
	}
	return d
}

// TestIncrementsAreTheDisk: each backup, merged from its chain, equals the disk at that time.
// Every backup is made twice, as after a crash.
func TestIncrementsAreTheDisk(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	d := l.made(t, "qcow2")
	random := rand.New(rand.NewPCG(1, 2))
	var chain []string
	for n, since := 0, ""; n < 5; n++ {
		for range n {
			write(t, d, random.IntN(16), 1+random.IntN(254))
		}
		at := drivers.Checkpoints{Since: since, Keep: checkpointPrefix + strconv.Itoa(n)}
		file := path.Join(l.root, "0", "7", "backup", strconv.Itoa(n))
		for range 2 {
			if err := l.tm.BackupDisk(t.Context(), here, d, at, file); err != nil {
				t.Fatalf("backup %d: %v", n, err)
			}
		}
		since, chain = at.Keep, append(chain, file)
		whole := filepath.Join(t.TempDir(), "whole")
		if err := l.tm.tool(here).Flatten(t.Context(), chain, whole); err != nil {
			t.Fatal(err)
		}
		if string(content(t, whole, "qcow2")) != string(content(t, d.Path, "qcow2")) {
			t.Fatalf("backup %d is not the disk as it was", n)
		}
	}
	if maps, err := l.tm.tool(here).Bitmaps(t.Context(), d.Path); err != nil || len(maps) != 2 {
		t.Errorf("the disk keeps the checkpoints %v, %v: want the last two", maps, err)
	}
	if small, err := os.Stat(chain[4]); err != nil || small.Size() > 2<<20 {
		t.Errorf("an increment of four writes takes %d bytes, %v", small.Size(), err)
	}
}

// TestIncrementOfNothing: without the checkpoint, an increment is refused.
func TestIncrementOfNothing(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	d := l.made(t, "qcow2")
	file := path.Join(l.root, "0", "7", "backup", "disk.0")
	err := l.tm.BackupDisk(t.Context(), here, d, drivers.Checkpoints{Since: "backup-9", Keep: "backup-10"}, file)
	if err == nil || !strings.Contains(err.Error(), "does not remember") {
		t.Errorf("an increment since a missing checkpoint: %v", err)
	}
	raw := l.made(t, "raw")
	raw.Path = path.Join(l.root, "0", "8", "disk.0")
	if err := l.tm.BackupDisk(t.Context(), here, raw, drivers.Checkpoints{Keep: "backup-10"}, file); err == nil {
		t.Error("a raw disk got a checkpoint")
	}
}

// TestRestore restores a disk in its own format, and a persistent one into its image.
func TestRestore(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"qcow2", "raw"} {
		for _, persistent := range []bool{false, true} {
			l := newLab(t)
			d := l.disk(t, "7", format, format)
			bring := l.tm.Clone
			if persistent {
				bring = l.tm.Link
			}
			if err := bring(t.Context(), here, d); err != nil {
				t.Fatal(err)
			}
			write(t, d, 2, 7)
			before := content(t, d.Path, format)
			file := path.Join(l.root, "0", "7", "backup", "disk.0")
			if err := l.tm.BackupDisk(t.Context(), here, d, drivers.Checkpoints{}, file); err != nil {
				t.Fatal(err)
			}
			write(t, d, 2, 8)
			for range 2 {
				if err := l.tm.RestoreDisk(t.Context(), here, d, file); err != nil {
					t.Fatal(err)
				}
			}
			if string(content(t, d.Path, format)) != string(before) {
				t.Errorf("%s, persistent %v: the disk is not as it was", format, persistent)
			}
			if persistent && string(content(t, d.Source, qemuimg.Raw)) == "" {
				t.Error("the image is empty")
			}
			if link, err := os.Readlink(d.Path); persistent && (err != nil || link != d.Source) {
				t.Errorf("the persistent disk is no link to its image any more: %q, %v", link, err)
			}
		}
	}
}

// TestBackupOfAnotherHost: increments are made on the disk's host.
func TestBackupOfAnotherHost(t *testing.T) {
	t.Parallel()
	needNamespaces(t)
	l := newLab(t)
	d := l.disk(t, "7", "qcow2", "qcow2")
	if err := l.tm.Clone(t.Context(), vh1, d); err != nil {
		t.Fatal(err)
	}
	for n, at := range []drivers.Checkpoints{{Keep: "backup-1"}, {Since: "backup-1", Keep: "backup-2"}} {
		file := path.Join(l.root, "0", "7", "backup", strconv.Itoa(n))
		if err := l.tm.BackupDisk(t.Context(), vh1, d, at, file); err != nil {
			t.Fatal(err)
		}
		if !l.exists(t, vh1, file) {
			t.Errorf("backup %d is not on its host", n)
		}
	}
}
