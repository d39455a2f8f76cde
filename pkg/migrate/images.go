package migrate

import (
	"fmt"
	"path/filepath"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/sqlite"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// images takes over images: where their files are, or moved into the datastore.
func (r *reader) images() (int, error) {
	rows, err := r.db.Rows("image_pool")
	if err != nil {
		return 0, err
	}
	for _, row := range rows {
		what := fmt.Sprintf("image %q", row.Text("name"))
		legacy, err := words(row, what)
		if err != nil {
			return 0, err
		}
		source := filepath.Clean(row.Text("source"))
		there := isFile(source)
		if !there {
			r.note("%s has no file at %s: it will be disabled", what, source)
		}
		if there && r.MoveImages {
			to := filepath.Join(r.Datastores.Path(datastore.DefaultID), filepath.Base(source))
			r.moves = append(r.moves, move{source, to})
			source = to
		}
		o := r.own(row.Int("uid"), what)
		r.then(func(tx *store.Tx) error { return addImage(tx, row, o, legacy, source, there) })
	}
	return len(rows), nil
}

// readyImage and usedImage are 2.2's states of an image that VMs may use.
const (
	readyImage = 1
	usedImage  = 2
)

func addImage(tx *store.Tx, row sqlite.Row, o owner, legacy attr.Template, source string, there bool) error {
	id := int(row.Int("oid"))
	t := legacy.Clone()
	for _, name := range []string{"NAME", "TYPE", "PATH", "SOURCE", "PUBLIC", "PERSISTENT"} {
		t.Del(name)
	}
	img := &image.Image{
		Meta: head(tx, o, id, row.Text("name"), row.Int("public") != 0, legacy),
		Type: one.ImageType(row.Int("type")), DiskType: one.DiskFile, Persistent: row.Int("persistent") != 0,
		RegTime: row.Int("regtime"), ModTime: row.Int("regtime"), Source: source, Path: legacy.Get("PATH"),
		Format: "raw", SizeMB: 1, State: one.ImageDisabled, CloningID: -1, TargetSnapshot: -1, DatastoreID: datastore.DefaultID,
		Snapshots: image.Snapshots{DiskID: -1, CurrentBase: -1, AllowOrphans: "NO"},
	}
	img.Template = t
	if state := row.Int("state"); there && (state == readyImage || state == usedImage) {
		img.State = one.ImageReady
	}
	skip(tx, image.Kind.Table.Name(), id)
	image.Adopt(tx, img)
	return nil
}
