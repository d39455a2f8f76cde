package arch

import (
	"slices"
	"strings"
)

// floor is a layer of packages. A name includes the packages below it in the tree; if two names
// match a package, the longer one counts.
type floor struct {
	name  string
	rooms []string
}

// floors are all layers, from top to bottom.
var floors = []floor{
	{"beside the house", []string{"scripts", "pkg/crashtest"}},
	{"wiring", []string{"cmd", "pkg/server"}},
	{"faces", []string{"xmlrpc", "pkg/cli", "pkg/client", "pkg/bench", "pkg/replay", "pkg/migrate"}},
	{"workers", workers},
	{"driver implementations", implementations},
	{"rules", nouns},
	{"machinery", []string{"pkg/object", "pkg/effect", "pkg/store", "pkg/secret", "drivers", "pkg/dump"}},
	{"ground", []string{"pkg/one", "pkg/attr", "pkg/expr", "pkg/numa", "pkg/config", "pkg/xsd", "pkg/sqlite", "pkg/pause", "templates"}},
}

// workers run effects, and what is due.
var workers = []string{
	"pkg/engine", "pkg/vmrun", "pkg/imagerun", "pkg/hookrun", "pkg/authrun", "pkg/monitor", "pkg/scheduler", "pkg/schedrun", "pkg/marketrun", "pkg/bus", "pkg/transfer", "pkg/vmkiller",
}

// nouns are the rules, one package for each kind of object.
var nouns = []string{
	"pkg/vm", "pkg/vrouter", "pkg/image", "pkg/template", "pkg/network", "pkg/secgroup", "pkg/host", "pkg/cluster", "pkg/datastore", "pkg/market",
	"pkg/document", "pkg/vntemplate", "pkg/vmgroup",
	"pkg/user", "pkg/group", "pkg/vdc", "pkg/zone", "pkg/quota", "pkg/hook", "pkg/acl", "pkg/lifecycle", "pkg/placement", "pkg/plan", "pkg/schedule", "pkg/setup", "pkg/schema", "pkg/fsck", "pkg/backupjob",
	"pkg/rvpe",
}

// implementations implement the interfaces of package drivers.
var implementations = []string{
	"drivers/vmm", "drivers/tm", "drivers/datastore", "drivers/net", "drivers/market", "drivers/remote", "drivers/drivertest",
	"drivers/qemuimg", "drivers/sparsefile", "drivers/webget", "drivers/keylock", "drivers/dummyaction", "drivers/contextcd",
}

// kinds of drivers; drivers of different kinds must not import each other.
var kinds = []string{"drivers/vmm", "drivers/tm", "drivers/datastore", "drivers/net", "drivers/market"}

// floorOf answers the index of a package's floor.
func floorOf(path string) (index int, ok bool) {
	longest := -1
	for i, f := range floors {
		for _, room := range f.rooms {
			if within(path, room) && len(room) > longest {
				index, longest = i, len(room)
			}
		}
	}
	return index, longest >= 0
}

// within tells whether path is the package or below it.
func within(path, room string) bool {
	return path == room || strings.HasPrefix(path, room+"/")
}

func withinAny(path string, rooms []string) bool {
	return slices.ContainsFunc(rooms, func(room string) bool { return within(path, room) })
}
