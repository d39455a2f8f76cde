package image

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

func TestStateFollowsUse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	shared := w.ready(alice, imageDS, "NAME=shared\nSIZE=1")
	own := w.ready(alice, imageDS, "NAME=own\nSIZE=1\nPERSISTENT=YES")
	many := w.ready(alice, imageDS, "NAME=many\nSIZE=1\nPERSISTENT=YES\nPERSISTENT_TYPE=SHAREABLE")
	kernel := w.ready(alice, fileDS, "NAME=kernel\nTYPE=KERNEL\nPATH=/k\nSIZE=1")
	use := func(id int) error {
		return w.try(func(tx *store.Tx) error { _, err := Use(tx, id, false); return err })
	}
	for _, id := range []int{shared, shared, own, many, many} {
		if err := use(id); err != nil {
			t.Fatal(err)
		}
	}
	wants(t, use(own), one.CodeAction, "Cannot acquire image 1, it is persistent and already in use")
	wants(t, use(kernel), one.CodeAction, "Image 3 (kernel) of type KERNEL cannot be used as DISK.")
	for id, want := range map[int]one.ImageState{shared: one.ImageUsed, own: one.ImageUsedPers, many: one.ImageUsedPers} {
		if got := w.get(id).State; got != want {
			t.Errorf("image %d is %v; want %v", id, got, want)
		}
	}
	wants(t, w.try(func(tx *store.Tx) error { return Delete(tx, shared, true) }), one.CodeAction, "Cannot delete image. There are 2 VMs using it.")
	wants(t, w.try(func(tx *store.Tx) error { return Enable(tx, own, false) }), one.CodeInternal,
		"Could not disable image: Image cannot be in state USED.")
	wants(t, w.try(func(tx *store.Tx) error { return SetPersistent(tx, stores, own, false) }), one.CodeInternal,
		"Could not make image non-persistent: Image cannot be in state USED.")
}

func TestVMsWaitForLockedImages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, err := w.allocate(alice, imageDS, "NAME=d\nSIZE=1\nPERSISTENT=YES")
	if err != nil {
		t.Fatal(err)
	}
	wants(t, w.try(func(tx *store.Tx) error { _, err := UseNow(tx, id, false); return err }), one.CodeAction, "Cannot acquire image 0, it is locked")
	w.do(func(tx *store.Tx) error { _, err := Use(tx, id, false); return err })
	if got := w.get(id).State; got != one.ImageLockedUsedPers {
		t.Errorf("while it is made it is %v; want LOCKED_USED_PERS", got)
	}
	w.finish(id, nil)
	if got := w.get(id).State; got != one.ImageUsedPers {
		t.Errorf("made, it is %v; want USED_PERS", got)
	}
	w.do(func(tx *store.Tx) error { Unuse(tx, id); return nil })
	if got := w.get(id).State; got != one.ImageReady {
		t.Errorf("given back, it is %v; want READY", got)
	}
}

func TestDeletingCancelsTheImport(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, err := w.allocate(alice, imageDS, "NAME=d\nSIZE=64")
	if err != nil {
		t.Fatal(err)
	}
	wants(t, w.try(func(tx *store.Tx) error { return Delete(tx, id, false) }), one.CodeInternal,
		"Image locked, use --force flag to remove the image. Force delete may leave some files on Datastore")
	w.do(func(tx *store.Tx) error { return Delete(tx, id, true) })
	effects := effect.Of(w.st.Read(), one.KindImage, id)
	if len(effects) != 1 || effects[0].Op != OpRemove {
		t.Fatalf("effects are %v; want one that removes", effects)
	}
	w.finish(id, errors.New("no such folder")) // with force it is removed nevertheless
	if _, err := Kind.Get(w.st.Read(), id); !errors.Is(err, one.ErrNoExists) {
		t.Errorf("the image is still there: %v", err)
	}
	if images, size := w.used(imageDS); images != 0 || size != 0 {
		t.Errorf("quotas still count %d images of %d MiB", images, size)
	}
}

func TestAFileThatCannotBeDeletedKeepsItsImage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.ready(alice, imageDS, "NAME=d\nSIZE=64")
	w.do(func(tx *store.Tx) error { return Delete(tx, id, false) })
	w.finish(id, errors.New("read-only file system"))
	if got := w.get(id); got.State != one.ImageError || !got.Template.Has("ERROR") {
		t.Errorf("got %v, %v; want ERROR with its reason", got.State, got.Template)
	}
}

func TestCloning(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.ready(alice, imageDS, "NAME=d\nTYPE=DATABLOCK\nSIZE=64\nPERSISTENT=YES\nNOTE=x")
	kernel := w.ready(alice, fileDS, "NAME=kernel\nTYPE=KERNEL\nPATH=/k\nSIZE=1")
	copyID := w.clone(alice, id, Copy{Name: "copy", DatastoreID: otherDS})
	if got := w.get(id); got.State != one.ImageClone || got.CloningOps != 1 {
		t.Errorf("the origin is %v with %d copies; want CLONE with 1", got.State, got.CloningOps)
	}
	got := w.get(copyID)
	if got.CloningID != id || got.Path != "/images/0" || got.DatastoreID != otherDS || !got.Persistent || got.Template.Get("NOTE") != "x" {
		t.Errorf("the copy is %+v", got)
	}
	for name, c := range map[string]struct {
		id   int
		to   Copy
		code one.Code
		want string
	}{
		"missing":  {4242, Copy{Name: "x", DatastoreID: -1}, one.CodeNoExists, "Error getting image [4242]."},
		"kernel":   {kernel, Copy{Name: "x", DatastoreID: -1}, one.CodeAction, "KERNEL images cannot be cloned."},
		"taken":    {id, Copy{Name: "d", DatastoreID: -1}, one.CodeAllocate, "Error allocating a new image. NAME is already taken by IMAGE 0."},
		"being":    {copyID, Copy{Name: "x", DatastoreID: -1}, one.CodeAllocate, "Error allocating a new image. Cannot clone image in state: LOCKED"},
		"to files": {id, Copy{Name: "x", DatastoreID: fileDS}, one.CodeAction, "Clone only supported for IMAGE_DS Datastores"},
		"to other": {id, Copy{Name: "x", DatastoreID: foreignDS}, one.CodeAction, "Clone only supported to same DS_MAD Datastores"},
	} {
		err := w.try(func(tx *store.Tx) error { _, err := Clone(tx, DefaultSettings(), alice, c.id, c.to); return err })
		t.Run(name, func(t *testing.T) { wants(t, err, c.code, c.want) })
	}
	wants(t, w.try(func(tx *store.Tx) error { return Delete(tx, id, true) }), one.CodeAction, "Cannot delete image. There are 1 active clone operations.")
	w.finish(copyID, nil)
	if origin, made := w.get(id), w.get(copyID); origin.State != one.ImageReady || origin.CloningOps != 0 || made.State != one.ImageReady || made.CloningID != -1 {
		t.Errorf("afterwards the origin is %v (%d copies), the copy %v of %d", origin.State, origin.CloningOps, made.State, made.CloningID)
	}
}

func TestChangingTheType(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.ready(alice, imageDS, "NAME=d\nTYPE=DATABLOCK\nSIZE=64")
	set := func(name string) error {
		return w.try(func(tx *store.Tx) error { return SetType(tx, DefaultSettings(), id, name) })
	}
	if err := set("os"); err != nil || w.get(id).Type != one.ImageTypeOS {
		t.Errorf("got %v, type %v", err, w.get(id).Type)
	}
	wants(t, set("FOO"), one.CodeInternal, "Unknown type ")
	wants(t, set("KERNEL"), one.CodeAction, "Cannot change image type to an incompatible type for the current datastore.")
}

func TestSavedDisksCopyFewAttributes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.ready(alice, imageDS, "NAME=d\nTYPE=DATABLOCK\nSIZE=64\nNOTE=x\nDEV_PREFIX=vd")
	saved := -1
	w.do(func(tx *store.Tx) (err error) {
		origin, _ := Kind.Get(tx, id)
		saved, err = NewFromDisk(tx, alice, FromDisk{Name: "s", Origin: origin, VMID: 7, DiskID: 1, SizeMB: 128})
		return err
	})
	got := w.get(saved)
	if got.State != one.ImageLocked || got.Type != one.ImageTypeDatablock || got.SizeMB != 128 || got.Persistent {
		t.Errorf("got %+v", got)
	}
	if diff := cmp.Diff(parse("DEV_PREFIX=vd\nSAVED_DISK_ID=1\nSAVED_IMAGE_ID=0\nSAVED_VM_ID=7"), got.Template); diff != "" {
		t.Errorf("TEMPLATE (-want +got):\n%s", diff)
	}
	wants(t, w.try(func(tx *store.Tx) error { return Delete(tx, saved, true) }), one.CodeAction,
		"Cannot delete image. A disk of VM 7 is being saved to it: wait until that has ended.")
}

func TestSnapshotsOfImages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.ready(alice, imageDS, "NAME=d\nSIZE=64\nPERSISTENT=YES")
	w.do(func(tx *store.Tx) error {
		img, _ := Kind.Edit(tx, id)
		img.Snapshots = Snapshots{DiskID: -1, AllowOrphans: "NO", CurrentBase: -1, Next: 3, List: []Snapshot{
			{ID: 0, Parent: -1, Children: []int{1, 2}, SizeMB: 64}, {ID: 1, Parent: 0, SizeMB: 64}, {ID: 2, Parent: 0, SizeMB: 64, Active: true},
		}}
		before := img.usage()
		Kind.Put(tx, img)
		before.Datastores[imageDS] = w.get(id).usage().Datastores[imageDS]
		recount(tx, img, before)
		return nil
	})
	rule := func(fn func(*store.Tx, int, int) error, snapshot int) error {
		return w.try(func(tx *store.Tx) error { return fn(tx, id, snapshot) })
	}
	wants(t, rule(RevertSnapshot, 9), one.CodeAction, "Snapshot does not exist")
	wants(t, rule(DeleteSnapshot, 0), one.CodeAction, "Cannot delete snapshot with children")
	wants(t, rule(DeleteSnapshot, 2), one.CodeAction, "Cannot delete the active snapshot")
	if err := rule(DeleteSnapshot, 1); err != nil {
		t.Fatal(err)
	}
	wants(t, rule(RevertSnapshot, 2), one.CodeAction, "Cannot revert to snapshot in state LOCKED")
	w.finish(id, nil)
	if list := w.get(id).Snapshots.List; len(list) != 2 || !cmp.Equal(list[0].Children, []int{2}) {
		t.Errorf("after deleting 1 there is %+v", list)
	}
	if err := rule(FlattenSnapshot, 0); err != nil {
		t.Fatal(err)
	}
	w.finish(id, nil) // reverted to 0; 2 is deleted
	w.finish(id, nil) // 0 is deleted
	got := w.get(id)
	if got.State != one.ImageReady || !cmp.Equal(got.Snapshots, Snapshots{DiskID: -1, CurrentBase: -1}) || got.TargetSnapshot != -1 {
		t.Errorf("flattened, it is %v with %+v", got.State, got.Snapshots)
	}
	if images, size := w.used(imageDS); images != 1 || size != 64 {
		t.Errorf("quotas count %d images of %d MiB; want 1 of 64", images, size)
	}
}

// The disk is that of the recorded one.template.info, with attributes of images.
func TestDisksAreFilledAsRecorded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.ready(alice, imageDS, "NAME=disk-one\nTYPE=DATABLOCK\nSIZE=64")
	snap := w.st.Read()
	ds, _ := datastore.Kind.Get(snap, imageDS)
	disk := attr.NewVector("DISK", attr.Pair{Key: "IMAGE_ID", Value: "0"}, attr.Pair{Key: "SIZE", Value: "2048"})
	FillDisk(DefaultInherited(), w.get(id), ds, &disk)
	want := parse(`DISK=[ALLOW_ORPHANS=NO,CLONE=YES,CLONE_TARGET=SYSTEM,CLUSTER_ID=0,DATASTORE=ds1,DATASTORE_ID=1,DEV_PREFIX=sd,
DISK_SNAPSHOT_TOTAL_SIZE=0,DISK_TYPE=FILE,DRIVER=raw,FORMAT=raw,IMAGE=disk-one,IMAGE_ID=0,IMAGE_STATE=1,LN_TARGET=NONE,
ORIGINAL_SIZE=64,PERSISTENT_SNAPSHOTS=YES,READONLY=NO,SAVE=NO,SIZE=2048,SOURCE="/images/0",TM_MAD=dummy,TYPE=FILE]`)
	if diff := cmp.Diff(want[0], disk); diff != "" {
		t.Errorf("DISK (-want +got):\n%s", diff)
	}
}

func TestResolve(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.ready(alice, imageDS, "NAME=d\nSIZE=1")
	const nobody = "User 0 does not own an image with name: d . Set IMAGE_UNAME or IMAGE_UID of owner in DISK."
	for text, c := range map[string]struct {
		id    int
		named bool
		want  string
	}{
		"DISK=[IMAGE_ID=4242]":              {4242, true, ""},
		"DISK=[IMAGE_ID=x]":                 {-1, false, ""},
		"DISK=[IMAGE=d]":                    {-1, true, nobody},
		"DISK=[IMAGE=d,IMAGE_UNAME=alice]":  {id, true, ""},
		"DISK=[IMAGE=d,IMAGE_UID=2]":        {id, true, ""},
		"DISK=[IMAGE=d,IMAGE_UNAME=nobody]": {-1, true, nobody},
		"DISK=[TYPE=swap,SIZE=1]":           {-1, false, ""},
	} {
		got, named, err := Resolve(w.st.Read(), 0, parse(text).Vector("DISK"))
		text2 := ""
		if err != nil {
			text2 = err.Error()
		}
		if got != c.id || named != c.named || text2 != c.want {
			t.Errorf("%s: got %d, %v, %q; want %d, %v, %q", text, got, named, text2, c.id, c.named, c.want)
		}
	}
}

// TestErrorTextsAreOneds, also where oned's are odd.
func TestErrorTextsAreOneds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	disk := w.ready(oneadmin, imageDS, "NAME=disk\nTYPE=DATABLOCK\nSIZE=1\nFS=ext4")
	cd := w.ready(oneadmin, imageDS, "NAME=cd\nTYPE=CDROM\nSIZE=1\nPATH=/x.iso")
	kernel := w.ready(oneadmin, fileDS, "NAME=kernel\nTYPE=KERNEL\nSIZE=1\nPATH=/x")
	setType := func(id int, to string) error {
		return w.try(func(tx *store.Tx) error { return SetType(tx, DefaultSettings(), id, to) })
	}
	wants(t, setType(disk, "foo"), one.CodeInternal, "known type ")
	wants(t, setType(cd, "foo"), one.CodeInternal, "nknown type ")
	wants(t, setType(kernel, "foo"), one.CodeAction, "Cannot change image type to an incompatible type for the current datastore.")
	clone := func(id int, name string, ds int) error {
		return w.try(func(tx *store.Tx) error {
			_, err := Clone(tx, DefaultSettings(), oneadmin, id, Copy{Name: name, DatastoreID: ds})
			return err
		})
	}
	wants(t, clone(kernel, "k", -1), one.CodeAction, "KERNEL images cannot be cloned.")
	wants(t, clone(disk, "k", fileDS), one.CodeAction, "Clone only supported for IMAGE_DS Datastores")
	wants(t, clone(disk, "k", foreignDS), one.CodeAction, "Clone only supported to same DS_MAD Datastores")
	w.do(func(tx *store.Tx) error { return Enable(tx, disk, false) })
	wants(t, clone(disk, "", -1), one.CodeAllocate, "Error allocating a new image. Invalid NAME, it cannot be empty")
	wants(t, clone(disk, "k", -1), one.CodeAllocate, "Error allocating a new image. Cannot clone image in state: DISABLED")
	w.do(func(tx *store.Tx) error { return Enable(tx, disk, true) })
	copied := w.clone(oneadmin, disk, Copy{Name: "copy", DatastoreID: -1})
	if img := w.get(copied); img.FS != "" || img.Template.Has("DRIVER") {
		t.Errorf("the copy kept FS %q, DRIVER %q", img.FS, img.Template.Get("DRIVER"))
	}
	wants(t, w.try(func(tx *store.Tx) error { return Delete(tx, disk, false) }), one.CodeAction,
		"Cannot delete image. There are 0 VMs using it.")
}

func TestSomeDatastoresTakePersistentImagesOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.do(func(tx *store.Tx) error {
		for id, mad := range map[int]string{otherDS: "dev", foreignDS: "lvm"} {
			ds, err := datastore.Kind.Edit(tx, id)
			if err != nil {
				return err
			}
			ds.DSMad = mad
			datastore.Kind.Put(tx, ds)
		}
		return nil
	})
	err := w.try(func(tx *store.Tx) error {
		_, err := Allocate(tx, DefaultSettings(), oneadmin, New{Template: parse("NAME=a\nSIZE=1"), DatastoreID: otherDS, SizeMB: 1, PersistentOnly: true})
		return err
	})
	wants(t, err, one.CodeAllocate, "Error allocating a new image. This Datastore only accepts persistent images.")
	id := w.ready(oneadmin, otherDS, "NAME=p\nSIZE=1\nPERSISTENT=YES")
	wants(t, w.try(func(tx *store.Tx) error { return SetPersistent(tx, stores, id, false) }), one.CodeInternal,
		"This Datastore only accepts persistent images.")
	id = w.ready(oneadmin, foreignDS, "NAME=l\nSIZE=1\nPERSISTENT=YES")
	wants(t, w.try(func(tx *store.Tx) error { return SetPersistent(tx, stores, id, false) }), one.CodeInternal,
		"lvm datastores doesn't support change of image persistency.")
}

// Only the image makes a disk persistent; PERSISTENT in DISK has no effect.
func TestADiskCannotMakeItsImagePersistent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	shared, own := w.ready(alice, imageDS, "NAME=s\nSIZE=1"), w.ready(alice, imageDS, "NAME=o\nSIZE=1\nPERSISTENT=YES")
	cd := w.ready(oneadmin, imageDS, "NAME=c\nTYPE=CDROM\nSOURCE=/x\nFORMAT=raw\nSIZE=1")
	ds, _ := datastore.Kind.Get(w.st.Read(), imageDS)
	for id, want := range map[int]string{shared: "", own: "YES", cd: ""} {
		disk := attr.NewVector("DISK", attr.Pair{Key: "PERSISTENT", Value: "YES"})
		FillDisk(DefaultInherited(), w.get(id), ds, &disk)
		if got := disk.Get("PERSISTENT"); got != want {
			t.Errorf("the disk of image %d is PERSISTENT=%q; want %q", id, got, want)
		}
	}
}

// TestTear: only persistent images get into ERROR, and they can be enabled again.
func TestTear(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	shared, own := w.ready(alice, imageDS, "NAME=s\nSIZE=1"), w.ready(alice, imageDS, "NAME=o\nSIZE=1\nPERSISTENT=YES")
	for id, want := range map[int]one.ImageState{shared: one.ImageReady, own: one.ImageError} {
		w.do(func(tx *store.Tx) error { _, err := Use(tx, id, false); return err })
		w.do(func(tx *store.Tx) error { Tear(tx, id); Unuse(tx, id); return nil })
		if got := w.get(id).State; got != want {
			t.Errorf("image %d is %v; want %v", id, got, want)
		}
	}
	w.do(func(tx *store.Tx) error { return Enable(tx, own, true) })
	if got := w.get(own).State; got != one.ImageReady {
		t.Errorf("enabled, it is %v", got)
	}
}

func TestCopiesHaveTheirOwnSourceAndFormat(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.ready(oneadmin, imageDS, "NAME=d\nSIZE=1")
	w.do(func(tx *store.Tx) error {
		return Kind.Update(tx, oneadmin, id, "SOURCE=/etc\nTYPE=CDROM\nFS=ext4\nNOTE=x", true, nil)
	})
	got := w.get(w.clone(oneadmin, id, Copy{Name: "c", DatastoreID: -1}))
	if got.Template.Has("SOURCE") || got.Template.Has("TYPE") || got.Template.Get("NOTE") != "x" || got.FS != "ext4" || got.Type != one.ImageTypeOS {
		t.Errorf("the copy is %+v", got)
	}
	wants(t, w.try(func(tx *store.Tx) error {
		_, err := Clone(tx, DefaultSettings(), oneadmin, id, Copy{Name: "e", DatastoreID: -2})
		return err
	}), one.CodeNoExists, "Error getting datastore [-2].")
}

// TestWhatSaysNothingOfSnapshots: an image that a VM gives back forgets the mode of its
// snapshots, but for one that is still being made or cannot have any.
func TestWhatSaysNothingOfSnapshots(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		kind  one.ImageType
		state one.ImageState
		want  string
	}{
		"used":       {one.ImageTypeOS, one.ImageUsedPers, ""},
		"being made": {one.ImageTypeOS, one.ImageLockedUsedPers, "NO"},
		"CD":         {one.ImageTypeCDROM, one.ImageUsedPers, "NO"},
	} {
		w := newWorld(t)
		w.do(func(tx *store.Tx) error {
			Kind.Put(tx, &Image{
				Meta: object.Meta{ID: 1, Name: "i"}, Type: c.kind, State: c.state, Persistent: true,
				Snapshots: Snapshots{DiskID: -1, AllowOrphans: "NO", CurrentBase: -1},
			})
			ForgetSnapshotMode(tx, 1)
			return nil
		})
		if got := w.get(1).Snapshots.AllowOrphans; got != c.want {
			t.Errorf("%s: ALLOW_ORPHANS is %q, want %q", name, got, c.want)
		}
	}
}
