package vmrun

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
)

// filesJob is a job in a store with a file datastore, an image datastore and a dummy file
// datastore.
func filesJob(t *testing.T) *job {
	t.Helper()
	st, err := store.Open(store.Options{Log: memlog.New(), Tables: []store.AnyTable{datastore.Kind.Table}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	err = st.Update(t.Context(), func(tx *store.Tx) error {
		for _, d := range []*datastore.Datastore{
			{Meta: object.Meta{ID: 1}, Type: one.DatastoreImage, BasePath: "/ds/1", DSMad: "fs"},
			{Meta: object.Meta{ID: 2}, Type: one.DatastoreFile, BasePath: "/ds/2", DSMad: "fs"},
			{Meta: object.Meta{ID: 3}, Type: one.DatastoreFile, BasePath: "/ds/3", DSMad: "dummy"},
		} {
			datastore.Kind.Put(tx, d)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return &job{Runner: &Runner{Store: st}}
}

func TestContextFiles(t *testing.T) {
	t.Parallel()
	j := filesJob(t)
	got, err := j.contextFileImages("/ds/2/abc:'init.sh' dummy_path:'pretended' /ds/2/def:'a b' ")
	want := []drivers.File{{Name: "init.sh", Path: "/ds/2/abc"}, {Name: "a b", Path: "/ds/2/def"}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if got, err := j.contextFileImages(""); len(got) > 0 || err != nil {
		t.Errorf("no files are %v, %v", got, err)
	}
}

// TestOnlyFilesOfFileDatastoresGoToGuests: users can write the attributes of a template.
func TestOnlyFilesOfFileDatastoresGoToGuests(t *testing.T) {
	t.Parallel()
	j := filesJob(t)
	for _, list := range []string{"/etc/shadow:'x'", "/ds/1/abc:'x'", "/ds/2/../1/abc:'x'", "/ds/2/a/b:'x'", "/ds/2:'x'", "/ds/2/abc", "/ds/2/abc:'x"} {
		if got, err := j.contextFileImages(list); err == nil {
			t.Errorf("%s was taken: %v", list, got)
		}
	}
}
