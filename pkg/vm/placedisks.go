package vm

import (
	"slices"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// targetsFor sets LN_TARGET, CLONE_TARGET and DISK_TYPE of disks for a system datastore with the
// transfer driver tm (VirtualMachineDisks::check_tm_mad).
func targetsFor(r store.Reader, v *VM, tm string) error {
	for _, d := range v.Template.Vectors("DISK") {
		id, ok := d.Int("DATASTORE_ID")
		ds, there := datastore.Kind.Table.Get(r, store.ID(id))
		if !ok || !there || isVolatile(d) || ds.TMMad == tm {
			continue
		}
		modes := strings.Split(ds.Template.Get("TM_MAD_SYSTEM"), ",")
		if !slices.ContainsFunc(modes, func(m string) bool { return strings.TrimSpace(m) == tm }) {
			return one.Errorf(one.CodeAction, "Image Datastore does not support transfer mode: %s", tm)
		}
		upper := strings.ToUpper(tm)
		for _, key := range []string{"LN_TARGET", "CLONE_TARGET", "DISK_TYPE"} {
			if value := ds.Template.Get(key + "_" + upper); value != "" {
				d.Set(key, value)
			}
		}
		d.Set("TM_MAD_SYSTEM", tm)
	}
	return nil
}

// placeVolatile sets the datastore of volatile disks.
func placeVolatile(v *VM, ds *datastore.Datastore) {
	for _, d := range v.Template.Vectors("DISK") {
		if isVolatile(d) {
			inStore(d, ds)
		}
	}
}

// inStore copies the datastore's attributes to a volatile disk (Datastore::disk_attribute).
func inStore(d *attr.Attr, ds *datastore.Datastore) {
	d.Set("DATASTORE", ds.Name)
	d.Set("DATASTORE_ID", decimal(ds.ID))
	d.Set("TM_MAD", ds.TMMad)
	d.Set("CLUSTER_ID", joinIDs(ds.Clusters))
	d.Set("DISK_TYPE", ds.DiskType.String())
	for _, key := range []string{"ALLOW_ORPHANS", "PERSISTENT_SNAPSHOTS"} {
		if value := ds.Template.Get(key); value != "" && !d.Has(key) {
			d.Set(key, value)
		}
	}
	format := ds.Template.Get("DRIVER")
	if format == "" {
		format = d.Get("FORMAT")
	}
	if format == "" {
		format = "raw"
	}
	d.Set("DRIVER", format)
	d.Set("FORMAT", format)
}
