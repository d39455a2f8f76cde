package migrate_test

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/drivers/datastore/fs"
	"github.com/renkei-vpe/renkei/pkg/cluster"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/fsck"
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/migrate"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/schema"
	"github.com/renkei-vpe/renkei/pkg/setup"
	"github.com/renkei-vpe/renkei/pkg/sqlite"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
	"github.com/renkei-vpe/renkei/pkg/user"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// world is an empty store, in a folder with the files of the database's images.
type world struct {
	store   *store.Store
	stores  datastore.Settings
	options migrate.Options
	db      *sqlite.DB
}

func newWorld(t *testing.T) world {
	t.Helper()
	db := one22().open(t)
	dir := t.TempDir()
	t.Chdir(dir)
	for _, path := range []string{"IMAGES", "ds/1"} {
		if err := os.MkdirAll(path, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile("IMAGES/disk", []byte("disk"), 0o600); err != nil {
		t.Fatal(err)
	}
	st, err := store.Open(store.Options{Log: memlog.New(), Tables: schema.Tables()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	w := world{store: st, db: db, stores: datastore.Settings{Location: filepath.Join(dir, "ds"), TMs: datastore.DefaultTMs(), DSs: datastore.DefaultDSs()}}
	w.options = migrate.Options{
		HashCost: 4, Hypervisor: func(string) string { return "dummy" }, NetworkDriver: "dummy",
		Networks: network.DefaultSettings(), Datastores: w.stores, LeaveRunning: true, Look: look,
	}
	w.do(t, func(tx *store.Tx) error {
		return setup.Run(tx, setup.First{Users: user.First{Oneadmin: "oneadmin", Secret: "x", Serveradmin: user.ServerKey("x")}, Datastores: w.stores})
	})
	return w
}

func look(path string) (migrate.File, error) {
	found, err := fs.Look(path)
	return migrate.File{Format: found.Format, SizeMiB: found.SizeMiB}, err
}

func (w world) do(t *testing.T, fn func(tx *store.Tx) error) {
	t.Helper()
	if err := w.store.Update(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

func (w world) plan(t *testing.T) *migrate.Plan {
	t.Helper()
	p, err := migrate.One22(w.db, w.options)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestReport: the report lists what will be imported, what will change and what prevents the
// import, and nothing is changed.
func TestReport(t *testing.T) {
	w := newWorld(t)
	w.options.LeaveRunning = false
	p := w.plan(t)
	var b strings.Builder
	p.Write(&b)
	for _, want := range []string{
		"     3 users\n", "     2 VMs of the past\n", "note  VM 8 broken failed", "note  user alice had the ID 1 and will have 2\n",
		`note  host h2 was in cluster "gone"`, `note  image "lost" has no file`, `note  image "lost" belonged to user 9`,
		"stop  VM 9 runs is not over",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is not in the report:\n%s", want, b.String())
		}
	}
	if err := p.Run(t.Context(), w.store); err == nil {
		t.Error("a plan with blockers is not refused")
	}
	if n := user.Kind.Table.Len(w.store.Read()); n != 2 {
		t.Errorf("there are %d users", n)
	}
}

// TestImport checks the store after an import.
func TestImport(t *testing.T) {
	w := newWorld(t)
	if err := w.plan(t).Run(t.Context(), w.store); err != nil {
		t.Fatal(err)
	}
	r := w.store.Read()
	users := user.NewService(w.store, user.Settings{Cost: 4, Expiration: time.Minute, Clock: time.Now})
	for session, in := range map[string]bool{
		"oneadmin:" + user.SHA1Hex("adminpw"): true, "alice:" + user.SHA1Hex("alicepw"): true, "alice:alicepw": true, "bob:bobpw": false, // disabled
	} {
		if _, err := users.AuthenticateOld(t.Context(), session); (err == nil) != in {
			t.Errorf("%s: got %v, want success: %v", session, err, in)
		}
	}
	h1, err1 := host.Kind.Get(r, 2)
	h2, err2 := host.Kind.Get(r, 5)
	if err1 != nil || err2 != nil || h1.ClusterID != 100 || h2.State != one.HostDisabled || h1.Legacy.Get("TM_MAD") != "tm_gfarm" {
		t.Errorf("hosts: %v %v %+v %+v", err1, err2, h1, h2)
	}
	lan, _ := network.Kind.Named(r, "tokyo tech#lan", 0)
	if lan == nil || lan.ID != 0 || len(lan.ARs) != 3 || lan.ARs[1].Attrs.Get("MAC") != "50:20:20:20:20:21" || lan.Perms&0o4 == 0 || len(lan.Clusters) != 2 {
		t.Errorf("network: %+v", lan)
	}
	if found := fsck.Check(r); len(found) > 0 {
		t.Errorf("fsck: %v", found)
	}
	held := 0
	for l := range network.LeasesOf(r, 0, 2) {
		held++
		if l.Holder != network.OnHold {
			t.Errorf("the address of the skipped VM: %+v", l)
		}
	}
	if held != 1 {
		t.Error("the address of the skipped VM is free")
	}
	ranged, err := network.Kind.Get(r, 2)
	if err != nil || ranged.UID != 2 || ranged.ARs[0].Attrs.Get("IP") != "10.2.0.1" || ranged.ARs[0].Attrs.Get("SIZE") != "254" {
		t.Errorf("network: %v %+v", err, ranged)
	}
	img, err := image.Kind.Get(r, 3)
	if err != nil || img.State != one.ImageReady || img.Source != "IMAGES/disk" || img.UName != "alice" || img.Legacy.Get("BUS") != "virtio" {
		t.Errorf("image: %v %+v", err, img)
	}
	if lost, err := image.Kind.Get(r, 4); err != nil || lost.State != one.ImageDisabled || !lost.Persistent || lost.UID != 0 {
		t.Errorf("image: %v %+v", err, lost)
	}
	v, err := vm.Kind.Get(r, 7)
	if err != nil || v.State != one.VMDone || len(v.History) != 2 || v.History[0].Action != one.ActionStop || v.User.Get("RANK") != "FREECPU" {
		t.Errorf("VM: %v %+v", err, v)
	}
	if found := vm.Audit(r); len(found) > 0 {
		t.Errorf("fsck finds %v", found)
	}
	w.do(t, func(tx *store.Tx) error {
		id, err := host.Allocate(tx, host.New{Name: "new", IMMad: "dummy", VMMad: "dummy", ClusterID: cluster.None})
		if id != 7 {
			t.Errorf("the next host gets the ID %d, want 7", id)
		}
		return err
	})
	if err := w.plan(t).Run(t.Context(), w.store); err == nil || !strings.Contains(err.Error(), "fresh") {
		t.Errorf("a second time: %v", err)
	}
}

// TestFilesComeBack: if the import fails, moved files are moved back.
func TestFilesComeBack(t *testing.T) {
	w := newWorld(t)
	w.options.MoveImages = true
	w.do(t, func(tx *store.Tx) error {
		_, err := host.Allocate(tx, host.New{Name: "in-the-way", IMMad: "dummy", VMMad: "dummy", ClusterID: cluster.None})
		return err
	})
	if err := w.plan(t).Run(t.Context(), w.store); err == nil {
		t.Error("a store with objects was imported into")
	}
	if _, err := os.Stat("IMAGES/disk"); err != nil {
		t.Error(err)
	}
}

func TestFilesMove(t *testing.T) {
	w := newWorld(t)
	w.options.MoveImages = true
	if err := w.plan(t).Run(t.Context(), w.store); err != nil {
		t.Fatal(err)
	}
	img, err := image.Kind.Get(w.store.Read(), 3)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(img.Source)
	if diff := cmp.Diff("disk", string(text)); err != nil || diff != "" || filepath.Dir(img.Source) != w.stores.Path(1) {
		t.Errorf("%s: %v %s", img.Source, err, diff)
	}
}

// qcow2 is the header of an image of 3 GiB, with a backing file if backing is not 0.
func qcow2(backing byte) string {
	header := make([]byte, 104)
	copy(header, "QFI\xfb\x00\x00\x00\x03")
	header[15] = backing
	binary.BigEndian.PutUint64(header[24:], 3<<30)
	return string(header)
}

// TestFilesAreExamined: an image gets the format and the size of its file; if VMs cannot use
// the file, the image is disabled, with a note.
func TestFilesAreExamined(t *testing.T) {
	for name, c := range map[string]struct {
		file  string
		note  string
		want  migrate.File
		state one.ImageState
	}{
		"raw":    {strings.Repeat("x", 5<<20), "", migrate.File{Format: "raw", SizeMiB: 5}, one.ImageReady},
		"odd":    {strings.Repeat("x", 5<<20+1), "", migrate.File{Format: "raw", SizeMiB: 6}, one.ImageReady},
		"qcow2":  {qcow2(0), "", migrate.File{Format: "qcow2", SizeMiB: 3072}, one.ImageReady},
		"backed": {qcow2(1), "has a backing file", migrate.File{Format: "raw", SizeMiB: 1}, one.ImageDisabled},
		"empty":  {"", "is an empty file", migrate.File{Format: "raw", SizeMiB: 1}, one.ImageDisabled},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			if err := os.WriteFile("IMAGES/disk", []byte(c.file), 0o600); err != nil {
				t.Fatal(err)
			}
			p := w.plan(t)
			if err := p.Run(t.Context(), w.store); err != nil {
				t.Fatal(err)
			}
			img, err := image.Kind.Get(w.store.Read(), 3)
			if err != nil {
				t.Fatal(err)
			}
			if got := (migrate.File{Format: img.Format, SizeMiB: img.SizeMB}); got != c.want || img.State != c.state {
				t.Errorf("got %+v in state %d; want %+v in %d", got, img.State, c.want, c.state)
			}
			notes := strings.Join(p.Notes, "\n")
			if told := strings.Contains(notes, `image "centos5.5" cannot be read`); told != (c.note != "") || !strings.Contains(notes, c.note) {
				t.Errorf("want %q in the notes:\n%s", c.note, notes)
			}
		})
	}
}
