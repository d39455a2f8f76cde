package migrate

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"

	"github.com/renkei-vpe/renkei/pkg/cluster"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/secgroup"
	"github.com/renkei-vpe/renkei/pkg/store"
)

func (r *reader7) cluster(e *element) bool {
	return keep(r.Plan, cluster.Kind, &cluster.Cluster{Meta: meta(e)})
}

func (r *reader7) secgroup(e *element) bool {
	return keep(r.Plan, secgroup.Kind, &secgroup.SecGroup{Meta: meta(e)})
}

// host imports a host, which is monitored as soon as the server runs.
func (r *reader7) host(e *element) bool {
	h := &host.Host{Meta: meta(e), State: one.HostInit, IMMad: e.str("IM_MAD"), VMMad: r.Hypervisor(e.str("VM_MAD")), ClusterID: e.int("CLUSTER_ID")}
	if h.VMMad != e.str("VM_MAD") {
		r.note("host %s had the driver %s and will have %s", h.Name, e.str("VM_MAD"), h.VMMad)
		h.IMMad = h.VMMad
	}
	switch state := one.HostState(e.int("STATE")); state {
	case one.HostDisabled, one.HostOffline:
		h.State = state
	case one.HostMonitoringDisabled:
		h.State = one.HostDisabled
	}
	return keep(r.Plan, host.Kind, h)
}

func (r *reader7) datastore(e *element) bool {
	d := &datastore.Datastore{
		Meta: meta(e), DSMad: e.str("DS_MAD"), TMMad: e.str("TM_MAD"), BasePath: e.str("BASE_PATH"), Type: one.DatastoreType(e.int("TYPE")),
		DiskType: one.DiskType(e.int("DISK_TYPE")), State: one.DatastoreState(e.int("STATE")), Clusters: e.ids("CLUSTERS"),
	}
	if _, known := r.Datastores.TM(d.TMMad); !known {
		r.note("datastore %s uses TM_MAD=%s, which is not known here: give it another before it is used", d.Name, d.TMMad)
	}
	if want := r.Datastores.Path(d.ID); filepath.Clean(d.BasePath) != want {
		r.note("datastore %s was at %s and will be at %s: images that are there stay where they are", d.Name, d.BasePath, want)
		d.BasePath = want
	}
	return keep(r.Plan, datastore.Kind, d)
}

// image imports an image, which refers to its present file. Backups are skipped: only
// OpenNebula's drivers can read them.
func (r *reader7) image(e *element) bool {
	img := &image.Image{
		Meta: meta(e), Type: one.ImageType(e.int("TYPE")), DiskType: one.DiskType(e.int("DISK_TYPE")), Persistent: e.int("PERSISTENT") != 0,
		RegTime: e.num("REGTIME"), ModTime: e.num("MODTIME"), Source: e.str("SOURCE"), Path: e.str("PATH"), Format: e.str("FORMAT"),
		FS: e.str("FS"), SizeMB: e.num("SIZE"), State: one.ImageDisabled, CloningID: -1, TargetSnapshot: -1, DatastoreID: e.int("DATASTORE_ID"),
		Snapshots: snapshots(e.at("SNAPSHOTS")),
	}
	what := fmt.Sprintf("image %q", img.Name)
	if img.Type == one.ImageTypeBackup {
		r.note("%s is a backup and is left out", what)
		return false
	}
	switch state := one.ImageState(e.int("STATE")); state {
	case one.ImageReady, one.ImageUsed, one.ImageUsedPers:
		img.State = one.ImageReady
	case one.ImageDisabled, one.ImageError:
		img.State = state
	default:
		r.note("%s was not ready (state %d): it will be disabled", what, state)
	}
	r.place(img, what)
	r.addStep(func(tx *store.Tx) error {
		image.Adopt(tx, img)
		tx.Skip(image.Kind.Table.Name(), img.ID)
		return nil
	})
	return true
}

// place examines the file of an image, and plans to move it if that is wanted.
func (r *reader7) place(img *image.Image, what string) {
	info, err := os.Stat(img.Source)
	switch {
	case err != nil || !info.Mode().IsRegular():
		r.note("%s has no file at %s: it will be disabled", what, img.Source)
		img.State = one.ImageDisabled
	case r.MoveImages:
		to := filepath.Join(r.Datastores.Path(img.DatastoreID), filepath.Base(img.Source))
		if to != img.Source {
			r.moves = append(r.moves, move{img.Source, to})
		}
		img.Source = to
	}
}

func snapshots(e *element) image.Snapshots {
	s := image.Snapshots{DiskID: -1, CurrentBase: e.or("CURRENT_BASE", -1), AllowOrphans: cmp.Or(e.str("ALLOW_ORPHANS"), "NO"), Next: e.int("NEXT_SNAPSHOT")}
	for _, kid := range e.all("SNAPSHOT") {
		s.List = append(s.List, image.Snapshot{
			ID: kid.int("ID"), Name: kid.str("NAME"), Date: kid.num("DATE"), Parent: kid.or("PARENT", -1), SizeMB: kid.num("SIZE"),
			Children: numbers(kid.str("CHILDREN"), ","), Active: kid.str("ACTIVE") == "YES",
		})
	}
	return s
}
