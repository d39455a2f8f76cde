package datastore

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/cluster"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
)

var (
	settings = Settings{Location: "/ds", TMs: DefaultTMs(), DSs: DefaultDSs()}
	oneadmin = &one.Caller{UName: "oneadmin", GName: "oneadmin", Groups: []int{0}, Umask: 0o177}
)

// world is a store with the datastores that always are, and the cluster 0.
type world struct{ st *store.Store }

func newWorld(t *testing.T) world {
	t.Helper()
	st, err := store.Open(store.Options{Log: memlog.New(), Tables: []store.AnyTable{Kind.Table, cluster.Kind.Table}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	w := world{st}
	if err := w.try(func(tx *store.Tx) error { cluster.Setup(tx); return Setup(tx, settings) }); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w world) try(rule func(*store.Tx) error) error {
	return w.st.Update(context.Background(), rule)
}

func parse(text string) attr.Template {
	t, err := attr.Parse(text)
	if err != nil {
		panic(err)
	}
	return t
}

func (w world) allocate(text string) (id int, err error) {
	err = w.try(func(tx *store.Tx) (err error) {
		id, err = Allocate(tx, settings, oneadmin, parse(text), -1)
		return err
	})
	return id, err
}

func (w world) get(t *testing.T, id int) *Datastore {
	t.Helper()
	d, err := Kind.Get(w.st.Read(), id)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func wants(t *testing.T, what string, err error, text string) {
	t.Helper()
	var e *one.Error
	if !errors.As(err, &e) || e.Code != one.CodeInternal || e.Msg != text {
		t.Errorf("%s: got %v; want %q", what, err, text)
	}
}

func TestRefusedDatastoresAnswerAsOned(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for text, want := range map[string]string{
		"DS_MAD=nosuch":                                           "Invalid NAME, it cannot be empty",
		"NAME=default\nDS_MAD=nosuch":                             "NAME is already taken by DATASTORE 1.",
		"NAME=x\nTYPE=SYSTEM_DS\nDS_MAD=fs":                       "SYSTEM datastores cannot have DS_MAD defined.",
		"NAME=x\nTM_MAD=local":                                    "No DS_MAD in template.",
		"NAME=x\nDS_MAD=y\nTM_MAD=local":                          `DS_MAD named "y" is not defined in oned.conf`,
		"NAME=x\nDS_MAD=ceph\nTM_MAD=ceph":                        `Datastore template is missing the "DISK_TYPE" attribute or it's empty.`,
		"NAME=x\nDS_MAD=fs":                                       "No TM_MAD in template.",
		"NAME=x\nDS_MAD=fs\nTM_MAD=y":                             `TM_MAD named "y" is not defined in oned.conf`,
		"NAME=x\nDS_MAD=fs\nTM_MAD=local\nDISK_TYPE=y":            "Unknown DISK_TYPE in template.",
		"NAME=x\nDS_MAD=fs\nTM_MAD=local\nDISK_TYPE=cdrom":        "Invalid DISK_TYPE for an Image Datastore.",
		"NAME=x\nTYPE=SYSTEM_DS\nTM_MAD=local\nDISK_TYPE=GLUSTER": "Invalid DISK_TYPE for a System Datastore.",
	} {
		_, err := w.allocate(text)
		wants(t, text, err, want)
	}
}

// TestDriversFillTheTemplate: the expected templates are those of oned's
// configuration for these drivers.
func TestDriversFillTheTemplate(t *testing.T) {
	t.Parallel()
	const dirs = "\nSAFE_DIRS=/var/tmp\nRESTRICTED_DIRS=/"
	w := newWorld(t)
	for text, want := range map[string]string{
		"NAME=a\nDS_MAD=fs\nTM_MAD=ssh": "ALLOW_ORPHANS=YES\nCLONE_TARGET=SYSTEM\nDISK_TYPE=FILE\nDS_MAD=fs\nLN_TARGET=SYSTEM\n" +
			"PERSISTENT_SNAPSHOTS=YES\nTM_MAD=ssh",
		"NAME=b\nDS_MAD=fs\nTM_MAD=qcow2\nSHARED=x": "ALLOW_ORPHANS=FORMAT\nCLONE_TARGET=SYSTEM\nCLONE_TARGET_SSH=SYSTEM\nDISK_TYPE=FILE\n" +
			"DISK_TYPE_SSH=FILE\nDRIVER=qcow2\nDS_MAD=fs\nLN_TARGET=NONE\nLN_TARGET_SSH=SYSTEM\nPERSISTENT_SNAPSHOTS=YES\nTM_MAD=qcow2\nTM_MAD_SYSTEM=ssh",
		"NAME=c\nTYPE=SYSTEM_DS\nTM_MAD=fs_lvm\nLN_TARGET=x": "ALLOW_ORPHANS=NO\nDISK_TYPE=FILE\nDS_LIVE_MIGRATE=NO\nDS_MIGRATE=YES\nDS_MIGRATE_SNAP=NO\n" +
			"PERSISTENT_SNAPSHOTS=YES\nSHARED=YES\nTM_MAD=fs_lvm\nTYPE=SYSTEM_DS",
		"NAME=d\nDS_MAD=ceph\nTM_MAD=ceph\nDISK_TYPE=rbd\nBRIDGE_LIST=h": "ALLOW_ORPHANS=mixed\nBRIDGE_LIST=h\nCLONE_TARGET=SELF\nCLONE_TARGET_SSH=SYSTEM\n" +
			"DISK_TYPE=RBD\nDISK_TYPE_SSH=FILE\nDRIVER=raw\nDS_MAD=ceph\nLN_TARGET=NONE\nLN_TARGET_SSH=SYSTEM\nPERSISTENT_SNAPSHOTS=YES\nTM_MAD=ceph\nTM_MAD_SYSTEM=ssh",
		"NAME=e\nTYPE=BACKUP_DS\nDS_MAD=rsync\nRSYNC_HOST=h\nRSYNC_USER=u": "DS_MAD=rsync\nRSYNC_HOST=h\nRSYNC_USER=u\nTYPE=BACKUP_DS",
	} {
		id, err := w.allocate(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if diff := cmp.Diff(parse(want+dirs), w.get(t, id).Template); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}

func TestUpdates(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	update := func(id int, text string, used bool) error {
		return w.try(func(tx *store.Tx) error { return Update(tx, settings, id, text, true, used) })
	}
	if err := w.try(func(tx *store.Tx) error {
		Seen(tx, DefaultID, drivers.Usage{TotalMiB: 3, FreeMiB: 2, UsedMiB: 1})
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	wants(t, "a fixed option", update(DefaultID, "LVM_THIN_ENABLE=YES", true),
		"Cannot update template. Cannot update option LVM_THIN_ENABLE in a datastore with existing images")
	wants(t, "a driver that is not there", update(DefaultID, "TM_MAD=y", false),
		`Cannot update template. TM_MAD named "y" is not defined in oned.conf`)
	wants(t, "two things wrong", update(DefaultID, "TM_MAD=y\nDISK_TYPE=z", false), "Cannot update template. Unknown DISK_TYPE in template.")
	if d := w.get(t, DefaultID); d.TotalMB != 3 || d.TMMad != "local" {
		t.Errorf("refused updates left %+v", d)
	}
	for id, text := range map[int]string{DefaultID: "DS_MAD=dummy\nTM_MAD=dummy\nLVM_THIN_ENABLE=YES", SystemID: "TYPE=IMAGE_DS\nTM_MAD=dummy"} {
		if err := update(id, text, false); err != nil {
			t.Fatal(err)
		}
	}
	if d := w.get(t, DefaultID); d.TotalMB != 0 || d.DSMad != "dummy" || d.Template.Get("LN_TARGET") != "NONE" {
		t.Errorf("the default datastore became %+v", d)
	}
	if d := w.get(t, SystemID); d.Type != one.DatastoreSystem || d.DSMad != "-" || d.TMMad != "dummy" {
		t.Errorf("the system datastore became %+v", d)
	}
}

// TestUpdateLeavesTheDiskType: what stood before goes on to hold, in upper or lower case.
func TestUpdateLeavesTheDiskType(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, err := w.allocate("NAME=x\nDS_MAD=DUMMY\nTM_MAD=Dummy\nDISK_TYPE=RBD")
	if err != nil {
		t.Fatal(err)
	}
	if err := w.try(func(tx *store.Tx) error { Seen(tx, id, drivers.Usage{TotalMiB: 3}); return nil }); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"TYPE=SYSTEM_DS", "A=1"} {
		if err := w.try(func(tx *store.Tx) error { return Update(tx, settings, id, text, false, false) }); err != nil {
			t.Fatal(err)
		}
	}
	if d := w.get(t, id); d.DiskType != one.DiskRBD || d.Template.Has("DISK_TYPE") || d.TMMad != "Dummy" || d.TotalMB != 3 {
		t.Errorf("it became %+v", d)
	}
	wants(t, "a system datastore for images", w.try(func(tx *store.Tx) error { return Update(tx, settings, id, "TYPE=IMAGE_DS", true, false) }),
		`Cannot update template. DS_MAD named "-" is not defined in oned.conf`)
}

// TestADatastoreThatBecomesOneForBackups keeps the transfer driver that it had.
func TestADatastoreThatBecomesOneForBackups(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, err := w.allocate("NAME=x\nDS_MAD=dummy\nTM_MAD=dummy")
	if err != nil {
		t.Fatal(err)
	}
	if err := w.try(func(tx *store.Tx) error { return Update(tx, settings, id, "TYPE=BACKUP_DS\nTM_MAD=y", true, false) }); err != nil {
		t.Fatal(err)
	}
	if d := w.get(t, id); d.Type != one.DatastoreBackup || d.TMMad != "dummy" || d.Template.Get("TM_MAD") != "dummy" {
		t.Errorf("it became %+v", d)
	}
}

func TestOnlySystemDatastoresAreDisabled(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	wants(t, "an image datastore", w.try(func(tx *store.Tx) error { return Enable(tx, DefaultID, false) }), "Only SYSTEM_DS can be disabled or enabled")
	if err := w.try(func(tx *store.Tx) error { return Enable(tx, SystemID, false) }); err != nil || w.get(t, SystemID).State != one.DatastoreDisabled {
		t.Errorf("%v, %v", err, w.get(t, SystemID).State)
	}
}

func TestClustersComeAndGo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	err := w.try(func(tx *store.Tx) error {
		cluster.Kind.Put(tx, &cluster.Cluster{Meta: object.Meta{ID: 100, Name: "c"}})
		return errors.Join(Join(tx, DefaultID, 100), Join(tx, DefaultID, 100), Leave(tx, DefaultID, 0), Leave(tx, DefaultID, 0))
	})
	if d := w.get(t, DefaultID); err != nil || !cmp.Equal(d.Clusters, []int{100}) {
		t.Errorf("%v, it is in %v", err, d.Clusters)
	}
	if err := w.try(func(tx *store.Tx) error { return Delete(tx, DefaultID, 1) }); err == nil {
		t.Error("a datastore that holds something was deleted")
	}
	if err := w.try(func(tx *store.Tx) error { return Delete(tx, DefaultID, 0) }); err != nil {
		t.Error(err)
	}
}
