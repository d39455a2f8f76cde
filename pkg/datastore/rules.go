package datastore

import (
	"slices"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/cluster"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Delete removes an empty datastore. holds is the number of its images, and of VMs with disks
// there; the caller counts them, because these kinds are not known here.
func Delete(tx *store.Tx, id, holds int) error {
	d, err := Kind.Get(tx, id)
	if err != nil {
		return err
	}
	if holds > 0 {
		return one.Errorf(one.CodeAction, "Cannot delete datastore. Datastore %d is not empty.", id)
	}
	Kind.Remove(tx, id)
	touch(tx, d.Clusters)
	return nil
}

// Enable serves one.datastore.enable. VMs are not placed in a disabled system datastore.
func Enable(tx *store.Tx, id int, on bool) error {
	d, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	if d.Type != one.DatastoreSystem {
		return one.Errorf(one.CodeInternal, "Only SYSTEM_DS can be disabled or enabled")
	}
	d.State = one.DatastoreReady
	if !on {
		d.State = one.DatastoreDisabled
	}
	Kind.Put(tx, d)
	return nil
}

// Join adds a datastore to a cluster, if it is not there yet.
func Join(tx *store.Tx, id, clusterID int) error {
	d, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	if d.InCluster(clusterID) {
		return nil
	}
	d.Clusters = append(d.Clusters, clusterID)
	slices.Sort(d.Clusters)
	Kind.Put(tx, d)
	touch(tx, []int{clusterID})
	return nil
}

// Leave removes a datastore from a cluster, if it is there.
func Leave(tx *store.Tx, id, clusterID int) error {
	d, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	d.Clusters = slices.DeleteFunc(d.Clusters, func(c int) bool { return c == clusterID })
	Kind.Put(tx, d)
	touch(tx, []int{clusterID})
	return nil
}

// touch updates the list of datastores that is shown in clusters.
func touch(tx *store.Tx, clusters []int) {
	for _, id := range clusters {
		cluster.Kind.Table.Touch(tx, store.ID(id))
	}
}

// Seen records monitored usage. It writes only changes.
func Seen(tx *store.Tx, id int, u drivers.Usage) {
	d, err := Kind.Edit(tx, id)
	if err != nil || !d.Retyped && d.TotalMB == u.TotalMiB && d.FreeMB == u.FreeMiB && d.UsedMB == u.UsedMiB {
		return
	}
	d.TotalMB, d.FreeMB, d.UsedMB = u.TotalMiB, u.FreeMiB, u.UsedMiB
	d.Retyped = false
	Kind.Put(tx, d)
}

// Update serves one.datastore.update. Drivers may be replaced by others of the same kind, and
// the attributes that follow from them are set again. The default system datastore and backup
// datastores keep their type. used reports whether the datastore has images.
func Update(tx *store.Tx, s Settings, id int, text string, appendTo, used bool) error {
	return Kind.UpdateWith(tx, id, text, appendTo, func(old, d *Datastore) error {
		t := &d.Template
		for _, name := range fixed() {
			if used && t.Get(name) != old.Template.Get(name) {
				return one.Errorf(one.CodeInternal, "Cannot update option %s in a datastore with existing images", name)
			}
		}
		if err := d.reconfigure(s, old); err != nil {
			return err
		}
		if d.otherEyes(old) {
			d.TotalMB, d.FreeMB, d.UsedMB = 0, 0, 0 // not monitored yet
			d.Retyped = d.Type != old.Type
		}
		defaultDirs(t)
		return nil
	})
}

// otherEyes reports whether the datastore is now monitored by another driver.
func (d *Datastore) otherEyes(old *Datastore) bool {
	if d.Type == one.DatastoreSystem {
		return d.TMMad != old.TMMad
	}
	return d.DSMad != old.DSMad
}

// reconfigure is configure for updates: what the template does not have stays, and errors are
// checked in another order (Datastore::post_update_template).
func (d *Datastore) reconfigure(s Settings, old *Datastore) error {
	t := &d.Template
	if t.Get("TYPE") != "" && old.ID != SystemID && old.Type != one.DatastoreBackup {
		d.Type = typeOf(t.Get("TYPE"))
	}
	t.Set("TYPE", d.Type.String())
	asked := t.Get("DISK_TYPE")
	t.Del("DISK_TYPE")
	if asked != "" {
		if err := d.configureDisk(asked); err != nil {
			return err
		}
	}
	if t.Get("TM_MAD") == "" || d.Type == one.DatastoreBackup {
		t.Set("TM_MAD", old.TMMad)
	}
	if d.Type != one.DatastoreBackup { // backup datastores have no transfer driver: the old value stays
		if err := d.configureTM(s); err != nil {
			return err
		}
	}
	return d.reconfigureDS(s, old)
}

func (d *Datastore) reconfigureDS(s Settings, old *Datastore) error {
	if d.Type == one.DatastoreSystem {
		d.Template.Del("DS_MAD")
		d.DSMad = "-"
		return nil
	}
	if d.Template.Get("DS_MAD") == "" {
		d.Template.Set("DS_MAD", old.DSMad)
	}
	d.DSMad = d.Template.Get("DS_MAD")
	return d.checkDS(s)
}

// fixed are attributes that describe the layout of images. They cannot change while there are
// images.
func fixed() []string {
	return []string{"LVM_THIN_ENABLE", "NFS_AUTO_ENABLE", "NFS_AUTO_HOST", "NFS_AUTO_PATH", "NFS_AUTO_OPTS"}
}
