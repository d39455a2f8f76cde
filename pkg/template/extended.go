package template

import (
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Extended is a template whose disks have the attributes that they would have in a VM. Disks
// whose images do not exist stay as they are.
func Extended(r store.Reader, in image.Inherited, uid int, t *Template) *Template {
	v := t.Clone()
	for n, disk := range v.Template.Vectors("DISK") {
		fill(r, in, uid, disk)
		disk.Set("DISK_ID", strconv.Itoa(n))
	}
	return v
}

func fill(r store.Reader, in image.Inherited, uid int, disk *attr.Attr) {
	id, named, err := image.Resolve(r, uid, disk)
	if err != nil || !named {
		return
	}
	img, ok := image.Kind.Table.Get(r, store.ID(id))
	if !ok {
		return
	}
	if ds, ok := datastore.Kind.Table.Get(r, store.ID(img.DatastoreID)); ok {
		image.FillDisk(in, img, ds, disk)
	}
}
