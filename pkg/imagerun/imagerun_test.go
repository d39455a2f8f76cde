package imagerun_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/renkei-vpe/renkei/drivers"
	dummyds "github.com/renkei-vpe/renkei/drivers/datastore/dummy"
	"github.com/renkei-vpe/renkei/drivers/datastore/fs"
	"github.com/renkei-vpe/renkei/drivers/remote"
	"github.com/renkei-vpe/renkei/drivers/tm/qcow2"
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/engine"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/imagerun"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/schema"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

var alice = &one.Caller{UID: 2, GID: 100, UName: "alice", GName: "devs", Groups: []int{100}, Umask: 0o177}

// The datastores of the tests.
const (
	dummyStore = 1
	fsStore    = 2
)

// rig is a store with datastores in a directory, and drivers for them.
type rig struct {
	t      *testing.T
	dir    string // directory of the datastores and of files to import
	log    *memlog.Log
	st     *store.Store
	runner *imagerun.Runner
	news   chan struct{}
}

func newRig(t *testing.T) *rig {
	t.Helper()
	run, err := remote.New(remote.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { run.Close() })
	r := &rig{t: t, dir: filepath.Join(t.TempDir(), "datastores"), log: memlog.New()}
	disks, err := qcow2.New(run, r.dir)
	if err != nil {
		t.Fatal(err)
	}
	r.runner = &imagerun.Runner{
		Drivers: map[string]drivers.ImageStore{"dummy": &dummyds.Store{}, "fs": fs.New(fs.Config{Runner: run})},
		TM:      map[string]drivers.Transfer{"qcow2": disks}, VMs: vm.DefaultSettings(), Log: zerolog.Nop(),
	}
	r.open()
	r.do(func(tx *store.Tx) error {
		safe := attr.Template{}
		safe.Set("SAFE_DIRS", filepath.Dir(r.dir))
		datastore.Kind.Put(tx, &datastore.Datastore{Meta: object.Meta{ID: dummyStore, Name: "default"}, DSMad: "dummy", TMMad: "dummy", Clusters: []int{0}})
		datastore.Kind.Put(tx, &datastore.Datastore{
			Meta: object.Meta{ID: fsStore, Name: "files", Template: safe}, DSMad: "fs", TMMad: "qcow2", Clusters: []int{0}, BasePath: filepath.Join(r.dir, "2"),
		})
		return nil
	})
	return r
}

// open opens the store on the log, as after a restart.
func (r *rig) open() {
	r.t.Helper()
	st, err := store.Open(store.Options{Log: r.log, Tables: schema.Tables()})
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { st.Close() })
	r.st, r.runner.Store, r.news = st, st, make(chan struct{}, 1)
	st.Watch(func(store.Commit) {
		select {
		case r.news <- struct{}{}:
		default:
		}
	})
}

// start runs an engine until the test ends, or until stop is called.
func (r *rig) start() (stop func()) {
	e := &engine.Engine{Store: r.st, Runners: map[one.Kind]engine.Runner{one.KindImage: r.runner}, Limits: engine.Limits{PerHost: 16, FrontEnd: 8}, Log: zerolog.Nop()}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { e.Run(ctx); close(done) }()
	stop = func() { cancel(); <-done }
	r.t.Cleanup(stop)
	return stop
}

func (r *rig) do(fn func(*store.Tx) error) {
	r.t.Helper()
	if err := r.st.Update(r.t.Context(), fn); err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) allocate(ds int, text string) (id int) {
	r.t.Helper()
	t, err := attr.Parse(text)
	if err != nil {
		r.t.Fatal(err)
	}
	size, err := r.runner.Size(r.t.Context(), r.st.Read(), ds, t)
	if err != nil {
		r.t.Fatal(err)
	}
	r.do(func(tx *store.Tx) error {
		id, err = image.Allocate(tx, image.DefaultSettings(), alice, image.New{Template: t, DatastoreID: ds, SizeMB: size})
		return err
	})
	return id
}

// until waits for a condition.
func (r *rig) until(what string, is func(store.Reader) bool) {
	r.t.Helper()
	late := time.After(20 * time.Second)
	for !is(r.st.Read()) {
		select {
		case <-r.news:
		case <-late:
			r.t.Fatalf("%s does not happen: images are %v", what, r.states())
		}
	}
}

func (r *rig) states() map[int]string {
	states := map[int]string{}
	for row := range image.Kind.Table.All(r.st.Read()) {
		states[row.Val.ID] = row.Val.State.String() + " " + row.Val.Template.Get("ERROR")
	}
	return states
}

// ready waits for an image.
func (r *rig) ready(id int) *image.Image {
	r.t.Helper()
	r.until("READY", func(rd store.Reader) bool {
		img, err := image.Kind.Get(rd, id)
		return err == nil && !img.State.IsLocked()
	})
	img, _ := image.Kind.Get(r.st.Read(), id)
	if img.State != one.ImageReady {
		r.t.Fatalf("images are %v; want READY", r.states())
	}
	return img
}

// file makes a file that can be imported.
func (r *rig) file(name, content string) string {
	r.t.Helper()
	path := filepath.Join(filepath.Dir(r.dir), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		r.t.Fatal(err)
	}
	return path
}

func TestDummyImagesAreMadeAndDeleted(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.start()
	block := r.ready(r.allocate(dummyStore, "NAME=d\nTYPE=DATABLOCK\nSIZE=64"))
	if block.Source != "dummy_path" || block.Format != "raw" || block.SizeMB != 64 {
		t.Errorf("the datablock is %+v", block)
	}
	disk := r.ready(r.allocate(dummyStore, "NAME=os\nPATH=/var/tmp/os.img"))
	if disk.Source != "dummy_path" || disk.Format != "dummy_format" || disk.SizeMB != 1024 {
		t.Errorf("the disk is %+v", disk)
	}
	r.do(func(tx *store.Tx) error { return image.Delete(tx, disk.ID, false) })
	r.until("the end", func(rd store.Reader) bool { return image.Kind.Table.Len(rd) == 1 })
}

func TestFilesAreCopiedClonedAndDeleted(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.start()
	content := strings.Repeat("disk", 300000)
	img := r.ready(r.allocate(fsStore, "NAME=d\nPATH="+r.file("disk.raw", content)))
	if got, err := os.ReadFile(img.Source); err != nil || string(got) != content || img.SizeMB != 2 {
		t.Errorf("%d of %d bytes were copied, %d MiB: %v", len(got), len(content), img.SizeMB, err)
	}
	copyID := -1
	r.do(func(tx *store.Tx) (err error) {
		copyID, err = image.Clone(tx, image.DefaultSettings(), alice, img.ID, image.Copy{Name: "copy", DatastoreID: -1})
		return err
	})
	clone := r.ready(copyID)
	if got, err := os.ReadFile(clone.Source); err != nil || string(got) != content || clone.Source == img.Source {
		t.Errorf("%d of %d bytes were copied again, to %s: %v", len(got), len(content), clone.Source, err)
	}
	r.do(func(tx *store.Tx) error { return image.Delete(tx, img.ID, false) })
	r.until("the end", func(rd store.Reader) bool { return image.Kind.Table.Len(rd) == 1 })
	if _, err := os.Stat(img.Source); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the file is still there: %v", err)
	}
}

func TestAPathThatIsNotThereIsRefusedBefore(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	tmpl, _ := attr.Parse("NAME=d\nPATH=" + filepath.Join(filepath.Dir(r.dir), "missing"))
	_, err := r.runner.Size(t.Context(), r.st.Read(), fsStore, tmpl)
	var e *one.Error
	if !errors.As(err, &e) || e.Code != one.CodeInternal || !strings.HasPrefix(e.Msg, "Cannot parse image SIZE: ") || !strings.Contains(e.Msg, "missing") {
		t.Errorf("got %v", err)
	}
}

// held is a driver whose imports wait for a signal.
type held struct {
	drivers.ImageStore
	begun, ended chan struct{}
	free         chan struct{}
}

func hold(d drivers.ImageStore) *held {
	return &held{d, make(chan struct{}, 8), make(chan struct{}, 8), make(chan struct{})}
}

func (h *held) Import(ctx context.Context, ds drivers.Datastore, img drivers.ImageSpec, progress func(int64)) (drivers.Stored, error) {
	h.begun <- struct{}{}
	defer func() { h.ended <- struct{}{} }()
	select {
	case <-h.free:
		return h.ImageStore.Import(ctx, ds, img, progress)
	case <-ctx.Done():
		return drivers.Stored{}, ctx.Err()
	}
}

func TestAnInterruptedImportIsFinishedAfterTheNextStart(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	slow := hold(r.runner.Drivers["fs"])
	r.runner.Drivers["fs"] = slow
	stop := r.start()
	id := r.allocate(fsStore, "NAME=d\nPATH="+r.file("disk.raw", "content"))
	<-slow.begun
	stop()
	if err := r.st.Close(); err != nil {
		t.Fatal(err)
	}
	r.open()
	if img, err := image.Kind.Get(r.st.Read(), id); err != nil || img.State != one.ImageLocked {
		t.Fatalf("after the stop: %v, %v", r.states(), err)
	}
	close(slow.free)
	r.start()
	img := r.ready(id)
	if got, err := os.ReadFile(img.Source); err != nil || string(got) != "content" {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestDeletingStopsTheImportAndLeavesNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	slow := hold(r.runner.Drivers["fs"])
	r.runner.Drivers["fs"] = slow
	r.start()
	id := r.allocate(fsStore, "NAME=d\nPATH="+r.file("disk.raw", "content"))
	<-slow.begun
	r.do(func(tx *store.Tx) error { return image.Delete(tx, id, true) })
	<-slow.ended
	r.until("the end", func(rd store.Reader) bool { return image.Kind.Table.Len(rd) == 0 })
	files, err := os.ReadDir(filepath.Join(r.dir, "2"))
	if len(files) > 0 || err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Errorf("left behind: %v, %v", files, err)
	}
}

func TestVMsInCloningContinueWithTheirImage(t *testing.T) {
	t.Parallel()
	for _, works := range []bool{true, false} {
		r := newRig(t)
		slow := hold(r.runner.Drivers["fs"])
		r.runner.Drivers["fs"] = slow
		r.start()
		source := r.file("disk.raw", "content")
		id, vmID := r.allocate(fsStore, "NAME=d\nPATH="+source), -1
		<-slow.begun
		r.do(func(tx *store.Tx) error {
			tmpl, err := attr.Parse("CPU=1\nMEMORY=64\nDISK=[IMAGE_ID=0]")
			if err != nil {
				return err
			}
			vmID, err = vm.Allocate(tx, r.runner.VMs, alice, tmpl, false)
			return err
		})
		want := one.VMPending
		if !works {
			want = one.VMCloningFailure
			if err := os.Remove(source); err != nil {
				t.Fatal(err)
			}
		}
		close(slow.free)
		r.until(want.String(), func(rd store.Reader) bool {
			v, err := vm.Kind.Get(rd, vmID)
			return err == nil && v.State == want
		})
		img, _ := image.Kind.Get(r.st.Read(), id)
		v, _ := vm.Kind.Get(r.st.Read(), vmID)
		if got := v.Disk(0).Get("SOURCE"); works && got != img.Source {
			t.Errorf("the disk comes from %q; the image is %q", got, img.Source)
		}
	}
}

// TestTheFileTellsTheFormat: a FORMAT given with PATH is ignored.
func TestTheFileTellsTheFormat(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	file := filepath.Join(filepath.Dir(r.dir), "raw")
	if err := os.WriteFile(file, make([]byte, 3<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	tmpl, _ := attr.Parse("NAME=d\nFORMAT=vmdk\nPATH=" + file)
	if size, err := r.runner.Size(t.Context(), r.st.Read(), fsStore, tmpl); size != 3 || err != nil {
		t.Errorf("got %d, %v; want 3 MiB", size, err)
	}
}
