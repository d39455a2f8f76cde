package image

import (
	"errors"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// After random operations, all counters are right.
func TestCountsAgreeAfterAnyOperations(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t)
		w.t = rt
		m := &model{world: w, rt: rt, uses: map[int]int{}}
		rt.Repeat(map[string]func(*rapid.T){
			"allocate": m.allocateOne, "clone": m.cloneOne, "use": m.use, "unuse": m.unuse, "finish": m.finishOne,
			"delete": m.delete, "enable": m.enable, "persistent": m.persistent, "chown": m.chown, "save": m.save, "": m.check,
		})
		if err := w.st.Close(); err != nil {
			rt.Fatalf("%v", err)
		}
	})
}

// model counts the uses of images, and has random operations.
type model struct {
	*world
	rt   *rapid.T
	n    int         // number of images so far
	uses map[int]int // number of disks by image
}

// most limits the number of images, so that operations often hit the same ones.
const most = 4

// any returns the ID of an image, which may not exist.
func (m *model) any(t *rapid.T) int {
	ids := []int{4242}
	for row := range Kind.Table.All(m.st.Read()) {
		ids = append(ids, row.Val.ID)
	}
	return rapid.SampledFrom(ids).Draw(t, "image")
}

// crowded skips an action if there are enough images.
func (m *model) crowded(t *rapid.T) {
	if Kind.Table.Len(m.st.Read()) >= most {
		t.Skip("there are enough images")
	}
}

// attempt runs a rule, which may only fail with an error for users.
func (m *model) attempt(fn func(*store.Tx) error) bool {
	err := m.try(fn)
	var e *one.Error
	if err != nil && !errors.As(err, &e) {
		m.rt.Fatalf("not an answer for a caller: %v", err)
	}
	return err == nil
}

func (m *model) by(t *rapid.T) *one.Caller {
	return rapid.SampledFrom([]*one.Caller{alice, oneadmin}).Draw(t, "caller")
}

func (m *model) allocateOne(t *rapid.T) {
	m.crowded(t)
	text := rapid.SampledFrom([]string{
		"SIZE=64", "TYPE=DATABLOCK\nSIZE=10\nPERSISTENT=YES", "TYPE=CDROM\nPATH=/x.iso\nSIZE=3", "TYPE=OS\nSOURCE=/x\nSIZE=5\nFORMAT=raw", "SIZE=9999999",
	}).Draw(t, "template")
	ds := rapid.SampledFrom([]int{imageDS, otherDS, fileDS}).Draw(t, "datastore")
	if _, err := m.allocate(m.by(t), ds, fmt.Sprintf("NAME=i%d\n%s", m.n, text)); err == nil {
		m.n++
	}
}

func (m *model) cloneOne(t *rapid.T) {
	m.crowded(t)
	id, by := m.any(t), m.by(t)
	to := Copy{
		Name: fmt.Sprintf("c%d", m.n), DatastoreID: rapid.SampledFrom([]int{-1, otherDS, foreignDS}).Draw(t, "datastore"), Persistent: rapid.Bool().Draw(t, "persistent"),
	}
	if m.attempt(func(tx *store.Tx) error { _, err := Clone(tx, DefaultSettings(), by, id, to); return err }) {
		m.n++
	}
}

func (m *model) save(t *rapid.T) {
	m.crowded(t)
	id, by := m.any(t), m.by(t)
	if m.attempt(func(tx *store.Tx) error {
		origin, err := Kind.Get(tx, id)
		if err != nil {
			return err
		}
		_, err = NewFromDisk(tx, by, FromDisk{Name: fmt.Sprintf("s%d", m.n), Origin: origin, SizeMB: 7})
		return err
	}) {
		m.n++
	}
}

func (m *model) use(t *rapid.T) {
	id, take := m.any(t), rapid.SampledFrom([]func(*store.Tx, int, bool) (*Image, error){Use, UseNow}).Draw(t, "take")
	if m.attempt(func(tx *store.Tx) error { _, err := take(tx, id, false); return err }) {
		m.uses[id]++
	}
}

func (m *model) unuse(t *rapid.T) {
	id := m.any(t)
	m.do(func(tx *store.Tx) error { Unuse(tx, id); return nil })
	m.uses[id] = max(m.uses[id]-1, 0)
}

func (m *model) finishOne(t *rapid.T) {
	var failed error
	if rapid.Bool().Draw(t, "fails") {
		failed = errors.New("it failed")
	}
	m.finish(m.any(t), failed)
}

func (m *model) delete(t *rapid.T) {
	id, force := m.any(t), rapid.Bool().Draw(t, "force")
	m.attempt(func(tx *store.Tx) error { return Delete(tx, id, force) })
}

func (m *model) enable(t *rapid.T) {
	id, on := m.any(t), rapid.Bool().Draw(t, "on")
	m.attempt(func(tx *store.Tx) error { return Enable(tx, id, on) })
}

func (m *model) persistent(t *rapid.T) {
	id, on := m.any(t), rapid.Bool().Draw(t, "on")
	m.attempt(func(tx *store.Tx) error { return SetPersistent(tx, stores, id, on) })
}

func (m *model) chown(t *rapid.T) {
	id, to := m.any(t), m.by(t)
	m.attempt(func(tx *store.Tx) error {
		return Kind.Chown(tx, oneadmin, id, object.Ownership{UID: to.UID, GID: to.GID, UName: to.UName, GName: to.GName})
	})
}

func (m *model) check(t *rapid.T) {
	snap := m.st.Read()
	sizes, counts := map[int]int64{}, map[int]int64{}
	for row := range Kind.Table.All(snap) {
		img := row.Val
		copies := 0
		for range ByOrigin.Find(snap, decimal(int64(img.ID))) {
			copies++
		}
		if img.CloningOps != copies || img.RunningVMs != m.uses[img.ID] {
			t.Fatalf("image %d counts %d copies and %d disks; there are %d and %d", img.ID, img.CloningOps, img.RunningVMs, copies, m.uses[img.ID])
		}
		if want := img.inUse(); img.State != want {
			t.Fatalf("image %d is %v; with %d disks and %d copies it should be %v", img.ID, img.State, img.RunningVMs, copies, want)
		}
		m.checkEffects(t, snap, img)
		if img.UID == alice.UID {
			sizes[img.DatastoreID] += img.SizeMB
			counts[img.DatastoreID]++
		}
	}
	for _, ds := range []int{imageDS, otherDS, fileDS} {
		if images, size := m.used(ds); images != counts[ds] || size != sizes[ds] {
			t.Fatalf("quotas count %d images of %d MiB in datastore %d; there are %d of %d", images, size, ds, counts[ds], sizes[ds])
		}
	}
}

// checkEffects: there is an effect for an image if and only if its state says so; saving a disk
// is an effect of the VM.
func (m *model) checkEffects(t *rapid.T, r store.Reader, img *Image) {
	busy := img.State.IsLocked() || img.State == one.ImageDelete
	saved := img.State.IsLocked() && img.Template.Has("SAVED_VM_ID")
	if n := len(effect.Of(r, one.KindImage, img.ID)); !saved && busy != (n == 1) {
		t.Fatalf("image %d is %v with %d effects", img.ID, img.State, n)
	}
}
