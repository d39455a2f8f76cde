package one

import (
	"slices"
	"strings"
)

// lastFirst are the methods whose parameters oned reads from the last to the first, by
// noun. The order shows when several arguments are wrong.
var lastFirst = map[string]string{
	"backupjob": "schedadd", "cluster": "info", "datastore": "allocate info", "document": "allocate clone info", "group": "info",
	"hook": "info", "host": "allocate info", "image": "allocate info restore", "market": "info", "marketapp": "allocate info",
	"secgroup": "clone info",
	"template": "clone info instantiate", "user": "allocate info", "vdc": "info",
	"vm":      "action allocate disksnapshotcreate info schedadd snapshotcreate",
	"vmgroup": "info", "vmpool": "info infoextended infoset", "vn": "allocate info reserve",
	"vntemplate": "clone info instantiate", "vrouter": "info", "zone": "info",
}

func readsLastFirst(method string) bool {
	noun, verb, _ := strings.Cut(strings.TrimPrefix(method, "one."), ".")
	return slices.Contains(strings.Fields(lastFirst[noun]), verb)
}
