package datastore

import (
	"path"
	"strconv"
	"strings"
)

// Settings say where datastores are, and which drivers there are.
type Settings struct {
	Location string            // parent directory of the datastores, on the front end and on hosts
	TMs      map[string]TMConf // transfer drivers by name
	DSs      map[string]DSConf // image store drivers by name
}

// TMConf has the properties of a transfer driver (TM_MAD_CONF).
type TMConf struct {
	LNTarget, CloneTarget string // NONE, SELF or SYSTEM
	Shared                bool   // all hosts see the same directory
	Driver                string // format of volatile disks; "" means raw
	DiskType              string // of all disks; "" means the datastore's DISK_TYPE
	AllowOrphans          string // NO, YES, FORMAT, MIXED or LINEAR
	OnSSH                 bool   // VMs may also use system datastores with TM_MAD ssh
	NoSnapshots           bool   // persistent disks have no snapshots
	// Whether disks may move to another system datastore: stopped, running, with snapshots.
	Migrate, LiveMigrate, MigrateSnap bool
}

// DSConf has the properties of a datastore driver (DS_MAD_CONF).
type DSConf struct {
	Required       []string // required attributes of datastores
	PersistentOnly bool     // all images must be persistent
	NoCapacity     bool     // free space is not checked
	Exports        bool     // its images can be exported to marketplaces
}

// DefaultTMs are the transfer drivers of oned.conf. Not all of them are implemented; the others
// fail when they are used.
func DefaultTMs() map[string]TMConf {
	all := TMConf{Migrate: true, LiveMigrate: true, MigrateSnap: true, AllowOrphans: "NO"}
	with := func(change func(*TMConf)) TMConf { c := all; change(&c); return c }
	return map[string]TMConf{
		"dummy": with(func(c *TMConf) { c.LNTarget, c.CloneTarget, c.Shared = "NONE", "SYSTEM", true }),
		"shared": with(func(c *TMConf) {
			c.LNTarget, c.CloneTarget, c.Shared, c.OnSSH, c.AllowOrphans = "NONE", "SYSTEM", true, true, "FORMAT"
		}),
		"qcow2": with(func(c *TMConf) {
			c.LNTarget, c.CloneTarget, c.Shared, c.OnSSH, c.AllowOrphans, c.Driver = "NONE", "SYSTEM", true, true, "FORMAT", "qcow2"
		}),
		"ssh":   with(func(c *TMConf) { c.LNTarget, c.CloneTarget, c.AllowOrphans = "SYSTEM", "SYSTEM", "YES" }),
		"local": with(func(c *TMConf) { c.LNTarget, c.CloneTarget, c.AllowOrphans = "SYSTEM", "SYSTEM", "FORMAT" }),

		"lvm":        {LNTarget: "NONE", CloneTarget: "SELF", Shared: true, Driver: "raw", DiskType: "BLOCK", AllowOrphans: "YES", Migrate: true},
		"fs_lvm":     {LNTarget: "SYSTEM", CloneTarget: "SYSTEM", Shared: true, Driver: "raw", DiskType: "BLOCK", AllowOrphans: "NO", Migrate: true},
		"fs_lvm_ssh": {LNTarget: "SYSTEM", CloneTarget: "SYSTEM", Shared: true, Driver: "raw", DiskType: "BLOCK", AllowOrphans: "YES", NoSnapshots: true, Migrate: true, LiveMigrate: true},
		"ceph":       {LNTarget: "NONE", CloneTarget: "SELF", Shared: true, Driver: "raw", AllowOrphans: "mixed", OnSSH: true},

		"iscsi_libvirt": {LNTarget: "NONE", CloneTarget: "SELF", Shared: true, Driver: "raw", AllowOrphans: "NO"},
		"dev":           {LNTarget: "NONE", CloneTarget: "NONE", Shared: true, Driver: "raw", AllowOrphans: "NO"},
		"netapp":        {LNTarget: "NONE", CloneTarget: "SELF", Shared: true, Driver: "raw", DiskType: "BLOCK", AllowOrphans: "LINEAR"},
		"purefa":        {LNTarget: "NONE", CloneTarget: "SELF", Shared: true, Driver: "raw", DiskType: "BLOCK", AllowOrphans: "YES"},
		"virtiofs":      {LNTarget: "NONE", CloneTarget: "NONE", Shared: true, Driver: "virtiofs", DiskType: "filesystem", AllowOrphans: "NO"},
	}
}

// DefaultDSs are the datastore drivers of oned.conf, implemented or not.
func DefaultDSs() map[string]DSConf {
	return map[string]DSConf{
		"dummy": {Exports: true}, "fs": {Exports: true}, "lvm": {},
		"ceph":          {Required: []string{"DISK_TYPE", "BRIDGE_LIST"}},
		"dev":           {Required: []string{"DISK_TYPE"}, PersistentOnly: true},
		"iscsi_libvirt": {Required: []string{"DISK_TYPE", "ISCSI_HOST"}, PersistentOnly: true},
		"restic":        {Required: []string{"RESTIC_PASSWORD"}, PersistentOnly: true},
		"rsync":         {Required: []string{"RSYNC_HOST", "RSYNC_USER"}, PersistentOnly: true},
		"netapp": {Required: []string{
			"NETAPP_HOST", "NETAPP_USER", "NETAPP_PASS", "NETAPP_AGGREGATES", "NETAPP_SVM", "NETAPP_IGROUP", "NETAPP_TARGET",
		}},
		"purefa":   {Required: []string{"PUREFA_HOST", "PUREFA_API_TOKEN", "PUREFA_TARGET"}},
		"virtiofs": {NoCapacity: true}, "interactive": {NoCapacity: true},
	}
}

// TM returns the properties of a transfer driver. Upper and lower case are the same.
func (s Settings) TM(name string) (TMConf, bool) { return named(s.TMs, name) }

// DS returns the properties of a datastore driver. Upper and lower case are the same.
func (s Settings) DS(name string) (DSConf, bool) { return named(s.DSs, name) }

func named[C any](confs map[string]C, name string) (conf C, ok bool) {
	for known, conf := range confs {
		if strings.EqualFold(known, name) {
			return conf, true
		}
	}
	return conf, false
}

// Path is the BASE_PATH of a datastore.
func (s Settings) Path(id int) string { return path.Join(s.Location, strconv.Itoa(id)) }

// VMDir is the directory of a VM in a system datastore.
func (s Settings) VMDir(dsID, vmID int) string {
	return path.Join(s.Location, strconv.Itoa(dsID), strconv.Itoa(vmID))
}
