package fs

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/drivertest"
)

func TestBackupContract(t *testing.T) {
	t.Parallel()
	drivertest.RunBackups(t, func(t *testing.T) drivertest.Backups {
		l := newLab(t)
		return drivertest.Backups{
			Keeper: l.store, Store: l.ds, Host: drivers.Host{Local: true}, Stage: stage,
			File: filepath.Join(t.TempDir(), "disk"), Read: read,
			Count: func(t *testing.T) int {
				t.Helper()
				list, err := filepath.Glob(filepath.Join(l.ds.Path, "*", "*"))
				if err != nil {
					t.Fatal(err)
				}
				return len(list)
			},
		}
	})
}

func run(t *testing.T, args ...string) {
	t.Helper()
	if out, err := exec.Command(args[0], args[1:]...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %v: %s", args, err, out)
	}
}

// stage makes an image of 16 MiB with data at an offset.
func stage(t *testing.T, offset int64, data string) string {
	t.Helper()
	dir := t.TempDir()
	text, disk := filepath.Join(dir, "text"), filepath.Join(dir, "disk.0")
	if err := os.WriteFile(text, []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, "qemu-img", "create", "-q", "-f", "qcow2", disk, "16M")
	run(t, "qemu-io", "-f", "qcow2", "-c", "write -s "+text+" "+strconv.FormatInt(offset, 10)+" 64k", disk)
	return dir
}

func read(t *testing.T, file string, offset int64, length int) string {
	t.Helper()
	raw := filepath.Join(t.TempDir(), "raw")
	run(t, "qemu-img", "convert", "-f", "qcow2", "-O", "raw", file, raw)
	all, err := os.ReadFile(raw)
	if err != nil {
		t.Fatal(err)
	}
	return string(all[offset : offset+int64(length)])
}

// TestFlattenAfterCrash: between the two renames, the increment does not exist.
func TestFlattenAfterCrash(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	here := drivers.Host{Local: true}
	chain := []drivers.BackupRef{{VMID: 3, Name: "01"}, {VMID: 3, Name: "02"}}
	for i, b := range chain {
		if _, err := l.store.KeepBackup(t.Context(), l.ds, b, here, stage(t, int64(i)<<20, "part "+b.Name), nil); err != nil {
			t.Fatal(err)
		}
	}
	place, err := backupDir(l.ds, chain[1])
	if err != nil {
		t.Fatal(err)
	}
	if err := l.store.flatten(t.Context(), l.ds, chain, place, place+flatPart); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(place, place+replaced); err != nil {
		t.Fatal(err)
	}
	if _, err := l.store.FlattenBackups(t.Context(), l.ds, chain); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "disk")
	if _, err := l.store.ExtractDisk(t.Context(), l.ds, chain[1:], 0, file); err != nil {
		t.Fatal(err)
	}
	for i, b := range chain {
		if got, want := read(t, file, int64(i)<<20, 7), "part "+b.Name; got != want {
			t.Errorf("at %d MiB: %q, want %q", i, got, want)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(l.ds.Path, "3", "*")); len(left) != 1 {
		t.Errorf("there are %v, want one backup", left)
	}
}
