package migrate

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/sqlite"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// imagePool imports images. Their files stay where they are, or are moved into the datastore.
func (r *reader) imagePool() (int, error) {
	rows, err := r.db.Rows("image_pool")
	if err != nil {
		return 0, err
	}
	for _, row := range rows {
		what := fmt.Sprintf("image %q", row.Text("name"))
		legacy, err := parseTemplate(row, what)
		if err != nil {
			return 0, err
		}
		f := r.file(filepath.Clean(row.Text("source")), what)
		o := r.ownerOf(row.Int("uid"), what)
		r.images[row.Int("oid")] = row.Text("name")
		r.addStep(func(tx *store.Tx) error { return addImage(tx, row, o, legacy, f) })
	}
	return len(rows), nil
}

// file is the file of an image.
type file struct {
	File
	source string // its path after the import
	usable bool
}

// file examines the file of an image, and notes if VMs cannot use it. If it exists it is moved
// in any case.
func (r *reader) file(source, what string) file {
	f := file{File: File{Format: "raw", SizeMiB: 1}, source: source}
	if info, err := os.Stat(source); err != nil || !info.Mode().IsRegular() {
		r.note("%s has no file at %s: it will be disabled", what, source)
		return f
	}
	if found, err := r.Look(source); err != nil {
		r.note("%s cannot be read, and will be disabled, as raw and of 1 MiB: %v", what, err)
	} else {
		f.File, f.usable = found, true
	}
	if r.MoveImages {
		f.source = filepath.Join(r.Datastores.Path(datastore.DefaultID), filepath.Base(source))
		r.moves = append(r.moves, move{source, f.source})
	}
	return f
}

// readyImage and usedImage are 2.2's states of images that VMs can use.
const (
	readyImage = 1
	usedImage  = 2
)

func addImage(tx *store.Tx, row sqlite.Row, o owner, legacy attr.Template, f file) error {
	id := int(row.Int("oid"))
	t := legacy.Clone()
	for _, name := range []string{"NAME", "TYPE", "PATH", "SOURCE", "PUBLIC", "PERSISTENT"} {
		t.Del(name)
	}
	img := &image.Image{
		Meta: head(tx, o, id, row.Text("name"), row.Int("public") != 0, legacy),
		Type: one.ImageType(row.Int("type")), DiskType: one.DiskFile, Persistent: row.Int("persistent") != 0,
		RegTime: row.Int("regtime"), ModTime: row.Int("regtime"), Source: f.source, Path: legacy.Get("PATH"),
		Format: f.Format, SizeMB: f.SizeMiB, State: one.ImageDisabled, CloningID: -1, TargetSnapshot: -1, DatastoreID: datastore.DefaultID,
		Snapshots: image.Snapshots{DiskID: -1, CurrentBase: -1, AllowOrphans: "NO"},
	}
	img.Template = t
	if state := row.Int("state"); f.usable && (state == readyImage || state == usedImage) {
		img.State = one.ImageReady
	}
	tx.Skip(image.Kind.Table.Name(), id)
	image.Adopt(tx, img)
	return nil
}
