package image

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/user"
)

var background = context.Background()

// finish ends the effect of an image, as its runner would.
func (w *world) finish(id int, failed error) {
	w.t.Helper()
	w.do(func(tx *store.Tx) error {
		effects := effect.Of(tx, one.KindImage, id)
		if len(effects) == 0 {
			return nil
		}
		effect.Done(tx, effects[0].ID)
		switch e := effects[0]; e.Op {
		case OpRemove:
			Removed(tx, e, failed)
		case OpSnapshotDelete, OpSnapshotRevert, OpSnapshotFlatten, OpSnapshotLast:
			SnapshotDone(tx, e, failed)
		default:
			Made(tx, e, drivers.Stored{Source: "/images/" + decimal(int64(id)), Format: "raw"}, failed)
		}
		return nil
	})
}

func TestRefusedImagesAnswerAsOned(t *testing.T) {
	t.Parallel()
	const size = "Cannot parse image SIZE: Wrong number or missing SIZE attribute."
	const begin = "Error allocating a new image. "
	for name, c := range map[string]struct {
		by   *one.Caller
		ds   int
		text string
		code one.Code
		want string
	}{
		"no name":         {oneadmin, imageDS, "TYPE=DATABLOCK\nSIZE=1", one.CodeAllocate, begin + "Invalid NAME, it cannot be empty"},
		"no size":         {oneadmin, imageDS, "NAME=e\nTYPE=DATABLOCK", one.CodeInternal, size},
		"bad size":        {oneadmin, imageDS, "NAME=e\nTYPE=DATABLOCK\nSIZE=abc", one.CodeInternal, size},
		"negative size":   {oneadmin, imageDS, "NAME=e\nTYPE=DATABLOCK\nSIZE=-5", one.CodeInternal, size},
		"empty":           {oneadmin, imageDS, "", one.CodeInternal, size},
		"backup":          {oneadmin, imageDS, "NAME=e\nTYPE=BACKUP\nSIZE=1", one.CodeAllocate, begin + "IMAGES of type BACKUP can only be registered in an BACKUP_DS datastore"},
		"folder of SIZE":  {oneadmin, imageDS, "NAME=e\nTYPE=FILESYSTEM\nSIZE=1", one.CodeInternal, "Cannot parse image SIZE: Missing PATH attribute."},
		"bad type":        {oneadmin, imageDS, "NAME=e\nTYPE=FOO\nSIZE=1", one.CodeAllocate, begin + "Unknown type "},
		"taken":           {oneadmin, imageDS, "NAME=taken\nTYPE=DATABLOCK\nSIZE=64", one.CodeAllocate, begin + "NAME is already taken by IMAGE 0."},
		"no datastore":    {oneadmin, 4242, "NAME=e\nSIZE=1", one.CodeNoExists, "Error getting datastore [4242]."},
		"system":          {oneadmin, systemDS, "NAME=e\nSIZE=1", one.CodeAllocate, begin + "New images can only be allocated in a files or image datastore."},
		"disk in files":   {oneadmin, fileDS, "NAME=e\nTYPE=DATABLOCK\nSIZE=1", one.CodeAllocate, begin + "Only IMAGES of type KERNEL, RAMDISK and CONTEXT can be registered in a FILE_DS datastore"},
		"kernel in disks": {oneadmin, imageDS, "NAME=e\nTYPE=KERNEL\nSOURCE=/x\nSIZE=1", one.CodeAllocate, begin + "IMAGES of type KERNEL, RAMDISK and CONTEXT cannot be registered in an IMAGE_DS datastore"},
		"too big":         {oneadmin, imageDS, "NAME=e\nTYPE=DATABLOCK\nSIZE=99999999", one.CodeAction, "Not enough space in datastore"},
		"cd of nothing":   {oneadmin, imageDS, "NAME=e\nTYPE=CDROM\nSIZE=1", one.CodeInternal, "Cannot parse image SIZE: Either PATH or SOURCE are required for CDROM"},
		"backup's size":   {oneadmin, imageDS, "NAME=e\nTYPE=BACKUP\nSIZE=5x", one.CodeAllocate, begin + "IMAGES of type BACKUP can only be registered in an BACKUP_DS datastore"},
		"backup of x":     {oneadmin, imageDS, "NAME=e\nTYPE=BACKUP\nSIZE=x", one.CodeInternal, "Cannot parse image SIZE: x"},
		"no format":       {oneadmin, imageDS, "NAME=e\nSOURCE=/x\nSIZE=1", one.CodeAllocate, begin + "SOURCE needs FORMAT to be set."},
		"two origins":     {oneadmin, imageDS, "NAME=e\nSOURCE=/x\nPATH=/y\nSIZE=1", one.CodeAllocate, begin + "PATH and SOURCE cannot be both set."},
		"restricted":      {alice, imageDS, "NAME=e\nTYPE=OS\nSOURCE=/x\nSIZE=1\nFORMAT=raw", one.CodeAuthorization, "User [2] : Template includes a restricted attribute SOURCE."},
		"quota":           {alice, imageDS, "NAME=e\nTYPE=DATABLOCK\nSIZE=950", one.CodeAuthorization, "User [2] : user [2] limit of 500 reached for SIZE quota in DATASTORE with ID: 1."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.ready(oneadmin, imageDS, "NAME=taken\nTYPE=DATABLOCK\nSIZE=1")
			w.do(func(tx *store.Tx) error {
				q := &quota.Quotas{}
				q.Entries[quota.Datastores] = []quota.Entry{{Key: "1", Limits: []quota.Amount{quota.Unlimited, 50000}, Used: []quota.Amount{0, 0}}}
				quota.Users.Put(tx, store.ID(alice.UID), q)
				return nil
			})
			_, err := w.allocate(c.by, c.ds, c.text)
			wants(t, err, c.code, c.want)
			if n := Kind.Table.Len(w.st.Read()); n != 1 {
				t.Errorf("%d images are there after the refusal; want the 1 of before", n)
			}
		})
	}
}

func TestAnImageIsLockedUntilItIsMade(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, err := w.allocate(alice, imageDS, "NAME=d\nTYPE=datablock\nSIZE=64\nFS=ext4\nDRIVER=x\nMULTI=a\nMULTI=b\nDEV_PREFIX=vd")
	if err != nil {
		t.Fatal(err)
	}
	img := w.get(id)
	if img.State != one.ImageLocked || img.Type != one.ImageTypeDatablock || img.SizeMB != 64 || img.FS != "ext4" || img.Format != "raw" {
		t.Errorf("got %+v", img)
	}
	if diff := cmp.Diff(parse("MULTI=b\nDEV_PREFIX=vd"), img.Template); diff != "" {
		t.Errorf("TEMPLATE (-want +got):\n%s", diff)
	}
	if n := len(effect.Of(w.st.Read(), one.KindImage, id)); n != 1 {
		t.Errorf("%d effects are queued; want 1", n)
	}
	w.finish(id, nil)
	if img := w.get(id); img.State != one.ImageReady || img.Source != "/images/0" {
		t.Errorf("made, it is %v at %q", img.State, img.Source)
	}
	if images, size := w.used(imageDS); images != 1 || size != 64 {
		t.Errorf("quotas count %d images of %d MiB; want 1 of 64", images, size)
	}
}

func TestAnImageThatCannotBeMadeSaysWhy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, err := w.allocate(alice, imageDS, "NAME=d\nSIZE=64")
	if err != nil {
		t.Fatal(err)
	}
	w.finish(id, errors.New("the disk is full"))
	img := w.get(id)
	if why := img.Template.Get("ERROR"); img.State != one.ImageError || !strings.HasSuffix(why, " : Error creating datablock: the disk is full") {
		t.Errorf("got %v, ERROR %q", img.State, why)
	}
	err = w.try(func(tx *store.Tx) error { return Enable(tx, id, true) })
	wants(t, err, one.CodeInternal, "Could not enable image: it has no file. Delete it and register it again.")
}

// TestFailuresSayWhatCouldNotBeDone, with oned's texts.
func TestFailuresSayWhatCouldNotBeDone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	full := errors.New("the disk is full")
	wants := func(id int, want string) {
		t.Helper()
		if got := w.get(id).Template.Get("ERROR"); !strings.HasSuffix(got, " : "+want+": the disk is full") {
			t.Errorf("ERROR is %q; want %q", got, want)
		}
	}
	origin := w.ready(alice, imageDS, "NAME=d\nSIZE=64\nPERSISTENT=YES")
	copied, _ := w.allocate(alice, imageDS, "NAME=p\nSIZE=1\nPATH=/x")
	w.finish(copied, full)
	wants(copied, "Error copying image in the datastore")
	w.do(func(tx *store.Tx) (err error) {
		copied, err = Clone(tx, DefaultSettings(), alice, origin, Copy{Name: "c", DatastoreID: -1})
		return err
	})
	w.finish(copied, full)
	wants(copied, "Error cloning from Image "+decimal(int64(origin)))
	w.do(func(tx *store.Tx) error {
		img, _ := Kind.Edit(tx, origin)
		img.Snapshots.List = []Snapshot{{ID: 3, Parent: -1}}
		Kind.Put(tx, img)
		return nil
	})
	for want, rule := range map[string]func(*store.Tx, int, int) error{
		"Error removing snapshot 3 from image 0": DeleteSnapshot,
		"Error reverting image 0 to snapshot 3":  RevertSnapshot,
		"Error flattening image snapshot":        FlattenSnapshot,
	} {
		w.do(func(tx *store.Tx) error { return rule(tx, origin, 3) })
		w.finish(origin, full)
		wants(origin, want)
	}
	w.do(func(tx *store.Tx) error { return Delete(tx, origin, false) })
	w.finish(origin, full)
	wants(origin, "Error removing image from datastore. Retry the operation or manually remove image source /images/0 and run "+
		"the delete --force operation to completely delete the image")
}

func TestAnImageWithSourceIsReadyAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, err := w.allocate(oneadmin, imageDS, "NAME=s\nSOURCE=/x\nSIZE=7\nFORMAT=qcow2")
	if err != nil {
		t.Fatal(err)
	}
	img := w.get(id)
	if img.State != one.ImageReady || img.Source != "/x" || img.Format != "qcow2" || img.SizeMB != 7 {
		t.Errorf("got %v, %q, %q, %d MiB", img.State, img.Source, img.Format, img.SizeMB)
	}
	if list := effect.Of(w.st.Read(), one.KindImage, id); len(list) != 0 {
		t.Errorf("effects are queued: %v", list)
	}
}

func TestAttributesOfImageTypes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, c := range []struct {
		ds         int
		text       string
		persistent bool
		prefix     string
		format     string
	}{
		{imageDS, "TYPE=OS\nPERSISTENT=yes", true, "sd", "raw"},
		{otherDS, "TYPE=OS\nFORMAT=raw", false, "sd", "qcow2"},
		{imageDS, "TYPE=CDROM\nPATH=/x.iso\nPERSISTENT=YES\nDEV_PREFIX=hd", false, "", ""},
		{fileDS, "TYPE=KERNEL\nPATH=/vmlinuz\nPERSISTENT=YES\nFORMAT=raw", false, "", ""},
		{imageDS, "PERSISTENT=NO\nPERSISTENT_TYPE=shareable", false, "sd", "raw"},
	} {
		id, err := w.allocate(oneadmin, c.ds, "SIZE=1\nNAME="+decimal(int64(Kind.Table.Len(w.st.Read())))+"\n"+c.text)
		if err != nil {
			t.Fatalf("%s: %v", c.text, err)
		}
		img := w.get(id)
		if img.Persistent != c.persistent || img.Template.Get("DEV_PREFIX") != c.prefix || img.Format != c.format || img.Template.Has("PERSISTENT_TYPE") {
			t.Errorf("%s: got persistent %v, %v, format %q", c.text, img.Persistent, img.Template, img.Format)
		}
	}
}

func TestUsersPreferPersistence(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.do(func(tx *store.Tx) error {
		u, err := user.Kind.Edit(tx, alice.UID)
		if err != nil {
			return err
		}
		u.Template = parse("DEFAULT_IMAGE_PERSISTENT_NEW=YES\nDEFAULT_IMAGE_PERSISTENT=NO")
		user.Kind.Put(tx, u)
		return nil
	})
	id := w.ready(alice, imageDS, "NAME=new\nSIZE=1")
	said := w.ready(alice, imageDS, "NAME=said\nSIZE=1\nPERSISTENT=NO")
	copyID := w.clone(alice, id, Copy{Name: "copy", DatastoreID: -1})
	forced := w.clone(alice, id, Copy{Name: "forced", DatastoreID: -1, Persistent: true})
	for what, c := range map[string]struct {
		id   int
		want bool
	}{"a new one": {id, true}, "one that says no": {said, false}, "a copy": {copyID, false}, "a VM's own": {forced, true}} {
		if got := w.get(c.id).Persistent; got != c.want {
			t.Errorf("%s is persistent: %v; want %v", what, got, c.want)
		}
	}
}

func TestUpdatingKeepsTheLastAndTheRestricted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.ready(alice, imageDS, "NAME=d\nSIZE=1")
	update := func(c *one.Caller, text string, more bool) error {
		return w.try(func(tx *store.Tx) error {
			return object.Any(Kind).Update(tx, c, id, text, more, DefaultSettings().Restricted)
		})
	}
	if err := update(alice, "ONLY=1\nMULTI=a\nMULTI=b", false); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(parse("ONLY=1\nMULTI=b"), w.get(id).Template); diff != "" {
		t.Errorf("TEMPLATE (-want +got):\n%s", diff)
	}
	wants(t, update(alice, "SOURCE=/etc/passwd", true), one.CodeInternal,
		"Cannot update template. User Template includes a restricted attribute SOURCE")
}

// TestANewImageDeniesOrphans: ALLOW_ORPHANS of the datastore does not apply to the image until
// a VM makes the first snapshot.
func TestANewImageDeniesOrphans(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.do(func(tx *store.Tx) error {
		ds, err := datastore.Kind.Edit(tx, imageDS)
		ds.Template.Set("ALLOW_ORPHANS", "YES")
		datastore.Kind.Put(tx, ds)
		return err
	})
	if got := w.get(w.ready(oneadmin, imageDS, "NAME=d\nSIZE=1")).Snapshots.AllowOrphans; got != "NO" {
		t.Errorf("ALLOW_ORPHANS is %s; want NO", got)
	}
}

func TestFromFile(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"SIZE=1": false, "PATH=/x": true, "PATH=/x\nSOURCE=/y": false, "PATH=/x\nSOURCE=/y\nTYPE=FILESYSTEM": true,
		"TYPE=FILESYSTEM": false, "PATH=/x\nTYPE=BACKUP": false, "PATH=/x\nPATH=\"\"": false,
	} {
		if got := FromFile(parse(text)); got != want {
			t.Errorf("%q: got %v; want %v", text, got, want)
		}
	}
}
