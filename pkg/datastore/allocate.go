package datastore

import (
	"slices"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/cluster"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// umask of datastores, whoever makes them: group members may use them.
const umask = 0o137

// Allocate makes a datastore of a template.
func Allocate(tx *store.Tx, s Settings, c *one.Caller, t attr.Template, clusterID int) (int, error) {
	if _, err := cluster.Kind.Get(tx, cluster.ID(clusterID)); err != nil {
		return -1, err
	}
	d := &Datastore{Clusters: []int{cluster.ID(clusterID)}}
	d.Own(c)
	d.Perms = object.PermsFromUmask(umask, false)
	d.Name, d.Template = t.Get("NAME"), t
	d.Template.Del("NAME")
	d.Template.Del("BASE_PATH")
	if err := Kind.CheckName(tx, &d.Meta); err != nil {
		return -1, err
	}
	if err := d.configure(s); err != nil {
		return -1, err
	}
	defaultDirs(&d.Template)
	id, err := Kind.Add(tx, d)
	if err != nil {
		return -1, err
	}
	d, _ = Kind.Edit(tx, id)
	d.BasePath = s.Path(id)
	Kind.Put(tx, d)
	cluster.Kind.Table.Touch(tx, store.ID(cluster.ID(clusterID)))
	return id, nil
}

// configure sets the type and the drivers, and adds the attributes that follow from them
// (Datastore::insert).
func (d *Datastore) configure(s Settings) error {
	d.Type = typeOf(d.Template.Get("TYPE"))
	if err := d.configureDS(s); err != nil {
		return err
	}
	if err := d.configureTM(s); err != nil {
		return err
	}
	asked := d.Template.Get("DISK_TYPE")
	d.Template.Del("DISK_TYPE")
	return d.configureDisk(asked)
}

func (d *Datastore) configureDS(s Settings) error {
	d.DSMad = d.Template.Get("DS_MAD")
	switch {
	case d.Type == one.DatastoreSystem && d.DSMad != "":
		return one.Errorf(one.CodeInternal, "SYSTEM datastores cannot have DS_MAD defined.")
	case d.Type == one.DatastoreSystem:
		d.DSMad = "-"
		return nil
	case d.DSMad == "":
		return one.Errorf(one.CodeInternal, "No DS_MAD in template.")
	}
	return d.checkDS(s)
}

// checkDS checks whether all attributes are there that the datastore driver requires
// (Datastore::set_ds_mad).
func (d *Datastore) checkDS(s Settings) error {
	conf, ok := s.DS(d.DSMad)
	if !ok {
		return one.Errorf(one.CodeInternal, "DS_MAD named %q is not defined in oned.conf", d.DSMad)
	}
	if conf.NoCapacity {
		d.Template.Set("DATASTORE_CAPACITY_CHECK", "NO")
	}
	for _, name := range conf.Required {
		if d.Template.Get(name) == "" {
			return one.Errorf(one.CodeInternal, "Datastore template is missing the %q attribute or it's empty.", name)
		}
	}
	return nil
}

// configureTM looks up the transfer driver, and sets the attributes that follow from it
// (Datastore::set_tm_mad).
func (d *Datastore) configureTM(s Settings) error {
	if d.Type == one.DatastoreBackup {
		d.TMMad = "-"
		return nil
	}
	d.TMMad = d.Template.Get("TM_MAD")
	if d.TMMad == "" {
		return one.Errorf(one.CodeInternal, "No TM_MAD in template.")
	}
	conf, ok := s.TM(d.TMMad)
	if !ok {
		return one.Errorf(one.CodeInternal, "TM_MAD named %q is not defined in oned.conf", d.TMMad)
	}
	t := &d.Template
	if d.Type == one.DatastoreSystem {
		conf.ofVMs(t)
	} else {
		conf.ofImages(t)
	}
	t.Set("ALLOW_ORPHANS", conf.AllowOrphans)
	t.Set("PERSISTENT_SNAPSHOTS", attr.YesNo(!conf.NoSnapshots))
	return nil
}

// ofVMs sets the transfer driver's attributes of a system datastore.
func (conf TMConf) ofVMs(t *attr.Template) {
	t.Set("SHARED", attr.YesNo(conf.Shared))
	t.Set("DS_MIGRATE", attr.YesNo(conf.Migrate))
	t.Set("DS_LIVE_MIGRATE", attr.YesNo(conf.LiveMigrate))
	t.Set("DS_MIGRATE_SNAP", attr.YesNo(conf.MigrateSnap))
	t.Del("LN_TARGET")
	t.Del("CLONE_TARGET")
}

// ofImages sets the transfer driver's attributes of an image datastore.
func (conf TMConf) ofImages(t *attr.Template) {
	if conf.OnSSH {
		t.Set("TM_MAD_SYSTEM", "ssh")
		t.Set("LN_TARGET_SSH", "SYSTEM")
		t.Set("CLONE_TARGET_SSH", "SYSTEM")
		t.Set("DISK_TYPE_SSH", "FILE")
	}
	t.Set("LN_TARGET", conf.LNTarget)
	t.Set("CLONE_TARGET", conf.CloneTarget)
	t.Del("SHARED")
	if conf.Driver != "" {
		t.Set("DRIVER", conf.Driver)
	}
	if conf.DiskType != "" {
		t.Set("DISK_TYPE", conf.DiskType)
	}
}

// configureDisk checks and sets DISK_TYPE (Datastore::set_ds_disk_type).
func (d *Datastore) configureDisk(asked string) error {
	d.DiskType = one.DiskFile
	if d.Type == one.DatastoreFile || d.Type == one.DatastoreBackup {
		return nil
	}
	if asked != "" {
		d.DiskType, _ = one.ParseDiskType(asked)
	}
	switch d.DiskType {
	case one.DiskFile, one.DiskRBD, one.DiskBlock, one.DiskFilesystem:
	case one.DiskNone:
		return one.Errorf(one.CodeInternal, "Unknown DISK_TYPE in template.")
	case one.DiskISCSI, one.DiskGluster, one.DiskSheepdog:
		if d.Type == one.DatastoreSystem {
			return one.Errorf(one.CodeInternal, "Invalid DISK_TYPE for a System Datastore.")
		}
	default:
		return one.Errorf(one.CodeInternal, "Invalid DISK_TYPE for %s Datastore.", article(d.Type))
	}
	d.Template.Set("DISK_TYPE", d.DiskType.String())
	return nil
}

func article(t one.DatastoreType) string {
	if t == one.DatastoreSystem {
		return "a System"
	}
	return "an Image"
}

// defaultDirs sets the default SAFE_DIRS and RESTRICTED_DIRS, so that images cannot be read
// from just any file of the front end.
func defaultDirs(t *attr.Template) {
	if t.Get("SAFE_DIRS") == "" && t.Get("RESTRICTED_DIRS") == "" {
		t.Set("SAFE_DIRS", "/var/tmp")
		t.Set("RESTRICTED_DIRS", "/")
	}
}

// typeOf reads TYPE; unknown types mean an image datastore, as in oned.
func typeOf(name string) one.DatastoreType {
	switch strings.ToUpper(name) {
	case "SYSTEM_DS":
		return one.DatastoreSystem
	case "FILE_DS":
		return one.DatastoreFile
	case "BACKUP_DS":
		return one.DatastoreBackup
	}
	return one.DatastoreImage
}

// InCluster reports whether a datastore is in a cluster.
func (d *Datastore) InCluster(id int) bool { return slices.Contains(d.Clusters, id) }
