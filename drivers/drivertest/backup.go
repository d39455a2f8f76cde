package drivertest

import (
	"bytes"
	"strings"
	"testing"

	"github.com/renkei-vpe/renkei/drivers"
)

// Backups is a datastore driver for backups under test.
type Backups struct {
	Keeper drivers.BackupStore
	Store  drivers.Datastore
	Host   drivers.Host
	// Stage makes a folder on the host with disk.0: a full disk with data, or if offset is
	// above 0, an increment with data there.
	Stage func(t *testing.T, offset int64, data string) (dir string)
	// File is where disks are extracted to.
	File string
	// Read reads an extracted image, from an offset on; nil for a driver that stores no
	// content.
	Read func(t *testing.T, file string, offset int64, length int) string
	// Count answers how many backups the datastore has.
	Count func(t *testing.T) int
}

// RunBackups checks a driver against the contract of drivers.BackupStore.
func RunBackups(t *testing.T, setup func(t *testing.T) Backups) {
	for name, test := range map[string]func(*testing.T, Backups){
		"a full one":     backupFull,
		"kept again":     backupAgain,
		"a chain":        backupChain,
		"flatten":        backupFlatten,
		"forget":         backupForget,
		"names confined": backupNames,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, setup(t))
		})
	}
}

// Offsets at which the tests write, without overlap.
const (
	firstOffset  = 1 << 20
	secondOffset = 3 << 20
)

func ref(name string) drivers.BackupRef { return drivers.BackupRef{VMID: 7, Name: name} }

func (b Backups) keep(t *testing.T, name string, offset int64, data string) {
	t.Helper()
	size, err := b.Keeper.KeepBackup(t.Context(), b.Store, ref(name), b.Host, b.Stage(t, offset, data), []byte("about "+name))
	if err != nil || size <= 0 {
		t.Fatalf("KeepBackup of %s: %d MiB, %v", name, size, err)
	}
}

// wants extracts disk 0 of a chain and checks the texts at their offsets.
func (b Backups) wants(t *testing.T, chain []drivers.BackupRef, texts map[int64]string) {
	t.Helper()
	st, err := b.Keeper.ExtractDisk(t.Context(), b.Store, chain, 0, b.File)
	if err != nil {
		t.Fatalf("ExtractDisk of %v: %v", chain, err)
	}
	if b.Read == nil {
		return
	}
	if st.Source != b.File || st.Format != "qcow2" || st.SizeMiB != 16 {
		t.Errorf("ExtractDisk answered %+v", st)
	}
	for offset, want := range texts {
		if got := b.Read(t, b.File, offset, len(want)); got != want {
			t.Errorf("of %v, at %d: %q, want %q", chain, offset, got, want)
		}
	}
}

func backupFull(t *testing.T, b Backups) {
	b.keep(t, "0a", 0, "all of it")
	b.wants(t, []drivers.BackupRef{ref("0a")}, map[int64]string{0: "all of it"})
	about, err := b.Keeper.AboutBackup(t.Context(), b.Store, ref("0a"))
	if err != nil || !bytes.Equal(about, []byte("about 0a")) {
		t.Errorf("AboutBackup: %q, %v", about, err)
	}
	if _, err := b.Keeper.AboutBackup(t.Context(), b.Store, ref("ff")); err == nil {
		t.Error("AboutBackup tells of a backup that there is not")
	}
}

func backupAgain(t *testing.T, b Backups) {
	b.keep(t, "0a", 0, "of the first try")
	b.keep(t, "0a", 0, "of the second one")
	b.wants(t, []drivers.BackupRef{ref("0a")}, map[int64]string{0: "of the second one"})
	if n := b.Count(t); n != 1 {
		t.Errorf("there are %d backups, want 1", n)
	}
}

func (b Backups) chain(t *testing.T) []drivers.BackupRef {
	t.Helper()
	b.keep(t, "0a", 0, "the first")
	b.keep(t, "0b", firstOffset, "the second")
	b.keep(t, "0c", secondOffset, "the third")
	return []drivers.BackupRef{ref("0a"), ref("0b"), ref("0c")}
}

func backupChain(t *testing.T, b Backups) {
	chain := b.chain(t)
	b.wants(t, chain[:1], map[int64]string{0: "the first", firstOffset: "\x00\x00", secondOffset: "\x00\x00"})
	b.wants(t, chain[:2], map[int64]string{0: "the first", firstOffset: "the second", secondOffset: "\x00\x00"})
	b.wants(t, chain, map[int64]string{0: "the first", firstOffset: "the second", secondOffset: "the third"})
}

func backupFlatten(t *testing.T, b Backups) {
	chain := b.chain(t)
	for range 2 { // the second call has nothing to do
		size, err := b.Keeper.FlattenBackups(t.Context(), b.Store, chain[:2])
		if err != nil || size <= 0 {
			t.Fatalf("FlattenBackups: %d MiB, %v", size, err)
		}
		if n := b.Count(t); n != 2 {
			t.Errorf("%d backups are left, want 2", n)
		}
		b.wants(t, chain[1:2], map[int64]string{0: "the first", firstOffset: "the second", secondOffset: "\x00\x00"})
		b.wants(t, chain[1:], map[int64]string{0: "the first", firstOffset: "the second", secondOffset: "the third"})
	}
	if _, err := b.Keeper.AboutBackup(t.Context(), b.Store, chain[1]); err != nil {
		t.Errorf("AboutBackup of what was flattened: %v", err)
	}
}

func backupForget(t *testing.T, b Backups) {
	chain := b.chain(t)
	for range 2 { // the second call has nothing to do
		if err := b.Keeper.ForgetBackups(t.Context(), b.Store, chain); err != nil {
			t.Errorf("ForgetBackups: %v", err)
		}
	}
	if n := b.Count(t); n != 0 {
		t.Errorf("%d backups are left", n)
	}
}

func backupNames(t *testing.T, b Backups) {
	if b.Read == nil {
		t.Skip("this driver keeps no bytes that a name could reach")
	}
	for _, name := range []string{"", "../../x", "/etc", "..", "a/b", strings.Repeat("z", 4)} {
		if err := b.Keeper.ForgetBackups(t.Context(), b.Store, []drivers.BackupRef{ref(name)}); err == nil {
			t.Errorf("ForgetBackups takes the name %q", name)
		}
	}
}
