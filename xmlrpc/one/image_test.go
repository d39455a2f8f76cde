package one

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/user"
	"github.com/renkei-vpe/renkei/pkg/vm"
	"github.com/renkei-vpe/renkei/pkg/xsd"
)

// sizes is an ImageSizer that always returns 1024 MiB, like the dummy datastore.
type sizes struct{}

func (sizes) Size(_ context.Context, _ *store.Snap, _ int, t attr.Template) (int64, error) {
	if t.Get("PATH") == "" {
		return image.AsTemplateSays, nil
	}
	return 1024, nil
}

// newImageFace is a server with datastores for images, where alice may make images and
// templates.
func newImageFace(t *testing.T) *vmFace {
	t.Helper()
	f := newVMFace(t)
	f.s.Images, f.s.Sizes = image.DefaultSettings(), sizes{}
	err := f.s.Store.Update(t.Context(), func(tx *store.Tx) error {
		put := func(id int, name string, kind one.DatastoreType) {
			datastore.Kind.Put(tx, &datastore.Datastore{
				Meta: object.Meta{ID: id, Name: name, Perms: 0o644}, Type: kind, DSMad: "dummy", TMMad: "dummy", Clusters: []int{0},
				TotalMB: 20480, FreeMB: 20480,
			})
		}
		put(1, "default", one.DatastoreImage)
		put(2, "files", one.DatastoreFile)
		user.Kind.Put(tx, &user.User{Meta: object.Meta{ID: 0, Name: "oneadmin"}})
		user.Kind.Put(tx, &user.User{Meta: object.Meta{ID: 2, UID: 2, GID: 100, Name: "alice"}})
		acl.Rules.Put(tx, store.ID(0), &acl.Rule{
			User: acl.All, Resource: uint64(one.KindImage|one.KindTemplate|one.KindVM) | acl.All, Rights: uint64(one.Create), Zone: acl.All,
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// settle ends all effects on images successfully.
func (f *vmFace) settle() {
	f.t.Helper()
	err := f.s.Store.Update(f.t.Context(), func(tx *store.Tx) error {
		var all []*effect.Effect
		for row := range effect.Table.All(tx) {
			if row.Val.Kind == one.KindImage {
				all = append(all, row.Val)
			}
		}
		for _, e := range all {
			effect.Done(tx, e.ID)
			if e.Op == image.OpRemove {
				image.Removed(tx, e, nil)
				continue
			}
			image.Finished(tx, e.Object, drivers.Stored{Source: "dummy_path"}, nil)
			if err := vm.ImageDone(tx, f.s.VMs, e.Object); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		f.t.Fatal(err)
	}
}

// steps makes calls, compares the answers, and settles the effects after each call.
func (f *vmFace) steps(list []step) {
	f.t.Helper()
	for _, c := range list {
		if got := f.call(c.who, c.method, c.args...); got != c.want {
			f.t.Errorf("%s by %s %v: got %q; want %q", c.method, c.who, c.args, got, c.want)
		}
		f.settle()
	}
}

const badSize = "Cannot parse image SIZE: Wrong number or missing SIZE attribute."

func TestImageCallsAnswerAsOned(t *testing.T) {
	t.Parallel()
	f := newImageFace(t)
	id := func(n int) int32 { return int32(n) }
	f.steps([]step{
		{"oneadmin", "one.imagepool.info", []any{id(-2), id(-1), id(-1)}, "<IMAGE_POOL></IMAGE_POOL>"},
		{"oneadmin", "one.image.allocate", []any{"NAME=\"disk one\"\nTYPE=DATABLOCK\nSIZE=64", id(1), false}, "0"},
		{"oneadmin", "one.image.allocate", []any{"NAME=osimg\nPATH=/var/tmp/os.img\nDEV_PREFIX=vd", id(1), true}, "1"},
		{"oneadmin", "one.image.allocate", []any{"NAME=cdimg\nTYPE=CDROM\nPATH=\"http://127.0.0.1:1/x.iso\"", id(1), true}, "2"},
		{"oneadmin", "one.image.allocate", []any{"NAME=kern\nTYPE=KERNEL\nPATH=/var/tmp/kern", id(2), true}, "3"},
		{"alice", "one.image.allocate", []any{"NAME=alicedisk\nTYPE=DATABLOCK\nSIZE=100", id(1)}, "4"},
		{"oneadmin", "one.image.allocate", []any{"", id(1), false}, badSize},
		{"oneadmin", "one.image.allocate", []any{"NAME=e3\nTYPE=OS", id(1), false}, badSize},
		{"oneadmin", "one.image.allocate", []any{"NAME=e8\nTYPE=KERNEL\nPATH=/x", id(1), false},
			"Error allocating a new image. IMAGES of type KERNEL, RAMDISK and CONTEXT cannot be registered in an IMAGE_DS datastore"},
		{"oneadmin", "one.image.allocate", []any{"NAME=e9\nTYPE=DATABLOCK\nSIZE=99999999", id(1), false}, "Not enough space in datastore"},
		{"oneadmin", "one.image.update", []any{id(0), "ONLY=1\nMULTI=a\nMULTI=b", id(0)}, "0"},
		{"oneadmin", "one.image.rename", []any{id(0), ""}, "Invalid NAME, it cannot be empty"},
		{"alice", "one.image.rename", []any{id(0), "zz"}, "User [2] : Not authorized to perform MANAGE IMAGE [0]."},
		{"oneadmin", "one.image.enable", []any{id(0), false}, "0"},
		{"oneadmin", "one.image.enable", []any{id(0), true}, "0"},
		{"oneadmin", "one.image.persistent", []any{id(2), true}, "2"},
		{"oneadmin", "one.image.persistent", []any{id(3), true}, "KERNEL, RAMDISK and CONTEXT must be non-persistent"},
		{"oneadmin", "one.image.chtype", []any{id(0), "KERNEL"}, "Cannot change image type to an incompatible type for the current datastore."},
		{"oneadmin", "one.image.clone", []any{id(0), "disk-clone", id(-1)}, "5"},
		{"oneadmin", "one.image.clone", []any{id(4242), "x", id(-1)}, "Error getting image [4242]."},
		{"oneadmin", "one.image.clone", []any{id(3), "x", id(-1)}, "KERNEL images cannot be cloned."},
		{"alice", "one.image.clone", []any{id(0), "x", id(-1)}, "User [2] : Not authorized to perform USE IMAGE [0]."},
		{"oneadmin", "one.image.snapshotdelete", []any{id(0), id(0)}, "Snapshot does not exist"},
		{"oneadmin", "one.image.snapshotrevert", []any{id(0), id(0)}, "Snapshot does not exist"},
		{"oneadmin", "one.image.snapshotflatten", []any{id(0), id(0)}, "Snapshot does not exist"},
		{"oneadmin", "one.image.restore", []any{id(0), id(1), ""}, "Can only restore images of type BACKUP"},
		{"oneadmin", "one.image.restore", []any{id(-1), id(1), ""}, "Image does not exist"},
		{"oneadmin", "one.image.restore", []any{id(0), id(4242), ""}, "Error getting image [4242]."},
		{"oneadmin", "one.image.enable", []any{id(-1), true}, "Could not enable image: "},
		{"oneadmin", "one.image.snapshotdelete", []any{id(-1), id(0)}, "Image does not exist"},
		{"alice", "one.image.snapshotdelete", []any{id(-1), id(0)}, "User [2] : Not authorized to perform MANAGE IMAGE."},
		{"oneadmin", "one.image.update", []any{id(-1), "A=", id(1)}, "Error getting image Pool."},
		{"oneadmin", "one.image.allocate", []any{"NAME=bk\nSIZE=1\nFROM_BACKUP_DS=4242", id(1)}, "Could not get associated backup datastore."},
		{"alice", "one.image.rename", []any{id(0), "disk one"}, "User [2] : Not authorized to perform USE IMAGE [0]."},
		{"oneadmin", "one.image.lock", []any{id(4), id(2), false}, "4"},
		{"oneadmin", "one.image.rename", []any{id(4), "other"}, "User [0] : IMAGE is locked. [4]."},
		{"oneadmin", "one.image.rename", []any{id(4), "alicedisk"}, "4"},
		{"oneadmin", "one.image.unlock", []any{id(4)}, "4"},
		{"alice", "one.image.lock", []any{id(4), id(1), false}, "4"},
		{"alice", "one.image.delete", []any{id(4), false}, "User [2] : Not authorized to perform MANAGE IMAGE [4]."},
		{"alice", "one.image.unlock", []any{id(4)}, "4"},
		{"oneadmin", "one.imagepool.info", []any{id(-5), id(-1), id(-1)}, "Incorrect filter_flag"},
		{"oneadmin", "one.image.delete", []any{id(5), false}, "5"},
		{"oneadmin", "one.image.info", []any{id(5), false}, "Error getting image [5]."},
		{"alice", "one.image.delete", []any{id(0), false}, "User [2] : Not authorized to perform MANAGE IMAGE [0]."},
		{"alice", "one.image.delete", []any{id(4)}, "4"},
	})
}

// An image that is still being made can be deleted with force, or by users with the right.
func TestDeletingALockedImage(t *testing.T) {
	t.Parallel()
	f := newImageFace(t)
	f.call("alice", "one.image.allocate", "NAME=d\nSIZE=1", int32(1))
	for _, c := range []step{
		{"alice", "one.image.delete", []any{int32(0), true}, "User [2] : Not authorized to perform ADMIN IMAGE [0]."},
		{"oneadmin", "one.image.delete", []any{int32(0), false}, "Image locked, use --force flag to remove the image. Force delete may leave some files on Datastore"},
		{"oneadmin", "one.image.delete", []any{int32(0), true}, "0"},
	} {
		if got := f.call(c.who, c.method, c.args...); got != c.want {
			t.Errorf("by %s %v: got %q; want %q", c.who, c.args, got, c.want)
		}
	}
}

func TestARenamedDatastoreIsShownByItsImages(t *testing.T) {
	t.Parallel()
	f := newImageFace(t)
	f.call("oneadmin", "one.image.allocate", "NAME=d\nSIZE=1", int32(1))
	before := f.call("oneadmin", "one.image.info", int32(0))
	f.call("oneadmin", "one.datastore.rename", int32(1), "renamed")
	after := f.call("oneadmin", "one.image.info", int32(0))
	if !strings.Contains(before, "<DATASTORE>default</DATASTORE>") || !strings.Contains(after, "<DATASTORE>renamed</DATASTORE>") {
		t.Errorf("before: %s\nafter: %s", before, after)
	}
}

// schemas loads OpenNebula's schemas, if they are available.
func schemas(t *testing.T) *xsd.Set {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "shared", "reference", "one", "xsd")
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("OpenNebula's schemas are not here: %v", err)
	}
	set, err := xsd.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func TestImagesAndTemplatesMatchTheSchema(t *testing.T) {
	t.Parallel()
	set := schemas(t)
	f := newImageFace(t)
	f.call("alice", "one.image.allocate", "NAME=\"a b\"\nSIZE=1\nNOTE=\"<x> & y\"", int32(1))
	f.settle()
	f.call("alice", "one.image.lock", int32(0), int32(4))
	f.call("alice", "one.template.allocate", "NAME=t\nCPU=1\nMEMORY=64\nDISK=[IMAGE_ID=0]")
	err := f.s.Store.Update(t.Context(), func(tx *store.Tx) error {
		img, err := image.Kind.Edit(tx, 0)
		if err != nil {
			return err
		}
		img.Snapshots.List = []image.Snapshot{{ID: 0, Name: "s", Parent: -1, Children: []int{1}}, {ID: 1, Active: true}}
		img.BackupIncrements = []image.Increment{{Type: "FULL", Source: "x"}}
		image.Kind.Put(tx, img)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, doc := range []string{
		f.call("alice", "one.image.info", int32(0)),
		f.call("alice", "one.imagepool.info", int32(-2), int32(-1), int32(-1)),
		f.call("alice", "one.template.info", int32(0), true),
		f.call("alice", "one.templatepool.info", int32(-2), int32(-1), int32(-1)),
	} {
		for _, p := range set.ValidateAny([]byte(doc)) {
			t.Errorf("%v\n%s", p, doc)
		}
	}
}

// TestImageErrorsComeBeforeRights, except those that need a look at the file.
func TestImageErrorsComeBeforeRights(t *testing.T) {
	t.Parallel()
	f := newImageFace(t)
	if err := f.s.Store.Update(t.Context(), func(tx *store.Tx) error { acl.Rules.Delete(tx, store.ID(0)); return nil }); err != nil {
		t.Fatal(err)
	}
	const no = "User [2] : Not authorized to perform CREATE IMAGE."
	f.steps([]step{
		{"alice", "one.image.allocate", []any{"NAME=a\nSIZE=1", int32(1)}, no},
		{"alice", "one.image.allocate", []any{"NAME=a\nPATH=/x", int32(1)}, no},
		{"alice", "one.image.allocate", []any{"NAME=a", int32(1)}, badSize},
		{"alice", "one.image.allocate", []any{"NAME=a\nSIZE=99999999", int32(1)}, "Not enough space in datastore"},
		{"alice", "one.image.allocate", []any{"NAME=a\nSIZE=1\nSOURCE=/x\nFORMAT=raw", int32(1)}, "User [2] : Template includes a restricted attribute SOURCE."},
		{"alice", "one.image.allocate", []any{"NAME=a\nFROM_APP=7", int32(1)}, "Cannot determine image SIZE."},
		{"alice", "one.image.allocate", []any{"NAME=a\nPATH=/x", int32(4242)}, "Error getting datastore [4242]."},
		{"alice", "one.image.allocate", []any{"A", int32(4242)}, "Parse error: syntax error, unexpected $end, expecting EQUAL or EQUAL_EMPTY at line 1, columns 1:2"},
	})
}

// TestPreviousStateOfNewImages: hooks recognize a new image by it.
func TestPreviousStateOfNewImages(t *testing.T) {
	t.Parallel()
	f := newImageFace(t)
	f.call("oneadmin", "one.image.allocate", "NAME=d\nSIZE=1", int32(1))
	made := f.call("oneadmin", "one.image.info", int32(0))
	f.settle()
	ready := f.call("oneadmin", "one.image.info", int32(0))
	if !strings.Contains(made, "<STATE>4</STATE><PREV_STATE>0<") || !strings.Contains(ready, "<STATE>1</STATE><PREV_STATE>1<") {
		t.Errorf("being made: %s\nready: %s", made, ready)
	}
}
