package render

import (
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Datastore writes a datastore.
func Datastore(w *Writer, r store.Reader, d *datastore.Datastore) {
	w.Open("DATASTORE")
	w.owned(&d.Meta)
	w.permissions(d.Perms)
	w.CDATA("DS_MAD", d.DSMad)
	w.CDATA("TM_MAD", d.TMMad)
	w.CDATA("BASE_PATH", d.BasePath)
	w.Int("TYPE", int64(d.Type))
	w.Int("DISK_TYPE", int64(d.DiskType))
	w.Int("STATE", int64(d.State))
	w.IDs("CLUSTERS", d.Clusters)
	w.Int("TOTAL_MB", d.TotalMB)
	w.Int("FREE_MB", d.FreeMB)
	w.Int("USED_MB", d.UsedMB)
	w.IDs("IMAGES", idsOf(image.ByDatastore, r, strconv.Itoa(d.ID)))
	w.Template("TEMPLATE", d.Template)
	w.Close("DATASTORE")
}
