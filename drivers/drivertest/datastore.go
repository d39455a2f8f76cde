package drivertest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/drivers"
)

// Datastore is a datastore driver under test, with what the tests need.
type Datastore struct {
	Driver drivers.ImageStore
	Store  drivers.Datastore
	Image  drivers.ImageSpec // an image to copy, of at most 16 MiB
	// Exists tells whether a source exists; nil if the driver stores nothing.
	Exists func(t *testing.T, source string) bool
	// HalfMake makes the files that a crash during the making of source leaves.
	HalfMake func(t *testing.T, source string)
	// Outside are sources that Remove must not delete.
	Outside []string
}

// RunDatastore checks a driver against the contract of drivers.ImageStore. setup is called for
// each test and answers a driver with an empty datastore.
func RunDatastore(t *testing.T, setup func(t *testing.T) Datastore) {
	for name, test := range map[string]func(*testing.T, Datastore){
		"import":         dsImport,
		"empty":          dsEmpty,
		"clone":          dsClone,
		"remove":         dsRemove,
		"after crash":    dsAfterCrash,
		"cancelled":      dsCancelled,
		"capacity":       dsCapacity,
		"own place each": dsOwnPlace,
		"export":         dsExport,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, setup(t))
		})
	}
}

func (d Datastore) imported(t *testing.T, img drivers.ImageSpec) drivers.Stored {
	t.Helper()
	st, err := d.Driver.Import(t.Context(), d.Store, img, nil)
	if err != nil {
		t.Fatalf("Import of image %d: %v", img.ID, err)
	}
	if st.Source == "" || st.Format == "" || st.SizeMiB <= 0 {
		t.Errorf("Import of image %d answered %+v, which leaves something out", img.ID, st)
	}
	d.there(t, st.Source, true)
	return st
}

func (d Datastore) there(t *testing.T, source string, want bool) {
	t.Helper()
	if d.Exists == nil {
		return
	}
	if got := d.Exists(t, source); got != want {
		t.Errorf("%s: there = %v, want %v", source, got, want)
	}
}

func dsImport(t *testing.T, d Datastore) {
	st, err := d.Driver.Stat(t.Context(), d.Store, d.Image)
	if err != nil {
		t.Fatalf("Stat: %v", err)
	}
	first := d.imported(t, d.Image)
	if st.SizeMiB != first.SizeMiB || st.Format != first.Format {
		t.Errorf("Stat said %+v and Import made %+v", st, first)
	}
	if diff := cmp.Diff(first, d.imported(t, d.Image)); diff != "" {
		t.Errorf("Import, repeated (-first +second):\n%s", diff)
	}
	done := int64(-1)
	if _, err := d.Driver.Import(t.Context(), d.Store, d.Image, func(n int64) {
		if n < done {
			t.Errorf("progress went back from %d to %d bytes", done, n)
		}
		done = n
	}); err != nil {
		t.Fatal(err)
	}
	if done <= 0 {
		t.Error("nothing was told of progress")
	}
}

func dsEmpty(t *testing.T, d Datastore) {
	for _, format := range []string{"raw", "qcow2"} {
		img := drivers.ImageSpec{ID: 20, SizeMiB: 8, Format: format}
		if st := d.imported(t, img); st.SizeMiB != 8 || st.Format != format {
			t.Errorf("a datablock of 8 MiB %s became %+v", format, st)
		}
	}
}

func dsClone(t *testing.T, d Datastore) {
	from := d.imported(t, d.Image)
	first, err := d.Driver.Clone(t.Context(), d.Store, from, drivers.ImageSpec{ID: 21})
	if err != nil {
		t.Fatalf("Clone: %v", err)
	}
	second, err := d.Driver.Clone(t.Context(), d.Store, from, drivers.ImageSpec{ID: 21})
	if err != nil {
		t.Fatalf("Clone, repeated: %v", err)
	}
	if diff := cmp.Diff(first, second); diff != "" {
		t.Errorf("Clone, repeated (-first +second):\n%s", diff)
	}
	if first.SizeMiB != from.SizeMiB || first.Format != from.Format {
		t.Errorf("the clone of %+v is %+v", from, first)
	}
	d.there(t, first.Source, true)
}

func dsRemove(t *testing.T, d Datastore) {
	st := d.imported(t, d.Image)
	for _, round := range []string{"", ", repeated"} {
		if err := d.Driver.Remove(t.Context(), d.Store, st.Source); err != nil {
			t.Errorf("Remove%s: %v", round, err)
		}
	}
	d.there(t, st.Source, false)
	for _, source := range d.Outside {
		if err := d.Driver.Remove(t.Context(), d.Store, source); err == nil {
			t.Errorf("Remove(%q) was taken", source)
		}
	}
}

func dsAfterCrash(t *testing.T, d Datastore) {
	if d.HalfMake == nil {
		t.Skip("this driver makes nothing that could be half-made")
	}
	st := d.imported(t, d.Image)
	d.HalfMake(t, st.Source)
	if diff := cmp.Diff(st, d.imported(t, d.Image)); diff != "" {
		t.Errorf("Import after a crash (-want +got):\n%s", diff)
	}
	d.HalfMake(t, st.Source)
	if err := d.Driver.Remove(t.Context(), d.Store, st.Source); err != nil {
		t.Errorf("Remove after a crash: %v", err)
	}
	d.there(t, st.Source, false)
}

func dsCancelled(t *testing.T, d Datastore) {
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errCallOff)
	for _, img := range []drivers.ImageSpec{d.Image, {ID: 22, SizeMiB: 8}} {
		st, err := d.Driver.Import(ctx, d.Store, img, nil)
		if !errors.Is(err, context.Canceled) && !errors.Is(err, errCallOff) {
			t.Errorf("Import, called off: %+v, %v", st, err)
		}
	}
	d.imported(t, d.Image)
}

func dsCapacity(t *testing.T, d Datastore) {
	u, err := d.Driver.Capacity(t.Context(), d.Store)
	if err != nil || u.TotalMiB <= 0 || u.FreeMiB < 0 || u.UsedMiB < 0 {
		t.Errorf("Capacity = %+v, %v", u, err)
	}
}

func dsOwnPlace(t *testing.T, d Datastore) {
	if d.Exists == nil {
		t.Skip("this driver has one place for all")
	}
	other := d.Image
	other.ID++
	if one, two := d.imported(t, d.Image), d.imported(t, other); one.Source == two.Source {
		t.Errorf("images %d and %d are both at %s", d.Image.ID, other.ID, one.Source)
	}
}

// dsExport exports an image twice, and imports the result as another image.
func dsExport(t *testing.T, d Datastore) {
	driver, can := d.Driver.(drivers.ImageExporter)
	if !can {
		t.Skip("images of this driver cannot be read")
	}
	st := d.imported(t, d.Image)
	read := func(ctx context.Context) ([]byte, drivers.Stored, error) {
		content, what, err := driver.Export(ctx, d.Store, st)
		if err != nil {
			return nil, what, err
		}
		bytes, err := io.ReadAll(content)
		return bytes, what, errors.Join(err, content.Close())
	}
	first, what, err := read(t.Context())
	if err != nil || len(first) == 0 {
		t.Fatalf("Export: %d bytes, %v", len(first), err)
	}
	if diff := cmp.Diff(st, what); diff != "" {
		t.Errorf("what is exported is not what was stored (-stored +exported):\n%s", diff)
	}
	if second, _, err := read(t.Context()); err != nil || !bytes.Equal(first, second) {
		t.Errorf("Export, repeated: %d bytes after %d, %v", len(second), len(first), err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errCallOff)
	if _, _, err := read(ctx); err == nil {
		t.Error("Export, called off, went on")
	}
	for _, source := range d.Outside {
		st.Source = source
		if _, _, err := read(t.Context()); err == nil {
			t.Errorf("Export(%q) was taken", source)
		}
	}
}
