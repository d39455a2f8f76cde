package datastore

import (
	"path"
	"strconv"
)

// Settings say where datastores are and which drivers there are for them.
type Settings struct {
	Location string            // folder of the datastores, on the front end and on hosts
	TMs      map[string]TMConf // transfer drivers by name
	DSs      map[string]DSConf // image store drivers by name
}

// TMConf is what a transfer driver makes of a datastore (TM_MAD_CONF).
type TMConf struct {
	LNTarget, CloneTarget string // NONE, SELF or SYSTEM
	Shared                bool   // hosts see one and the same folder
	Driver                string // format of volatile disks, "" for raw
	AllowOrphans          string // NO, YES, FORMAT or MIXED
}

// DSConf is what an image store driver needs (DS_MAD_CONF).
type DSConf struct {
	Required       []string // attributes that a datastore must have
	PersistentOnly bool
}

// DefaultTMs are the transfer drivers that are built in, with oned's settings
// for those of that name.
func DefaultTMs() map[string]TMConf {
	return map[string]TMConf{
		"dummy": {LNTarget: "NONE", CloneTarget: "SYSTEM", Shared: true, AllowOrphans: "NO"},
		"local": {LNTarget: "SYSTEM", CloneTarget: "SYSTEM", AllowOrphans: "FORMAT"},
		"qcow2": {LNTarget: "NONE", CloneTarget: "SYSTEM", Shared: true, Driver: "qcow2", AllowOrphans: "FORMAT"},
	}
}

// DefaultDSs are the image store drivers that are built in.
func DefaultDSs() map[string]DSConf {
	return map[string]DSConf{
		"dummy": {}, "fs": {},
		"rsync": {Required: []string{"RSYNC_HOST", "RSYNC_USER"}, PersistentOnly: true}, // a folder of the front end
	}
}

// Path is BASE_PATH of a datastore.
func (s Settings) Path(id int) string { return path.Join(s.Location, strconv.Itoa(id)) }

// VMDir is the folder of a VM in a system datastore.
func (s Settings) VMDir(dsID, vmID int) string {
	return path.Join(s.Location, strconv.Itoa(dsID), strconv.Itoa(vmID))
}
