package one

import (
	"slices"
	"strings"
)

// oned reads the parameters of a method from the last to the first, after those
// that it keeps: mostly the object's ID, which comes first. The order shows when
// several arguments are wrong.

// noneAhead are the methods that keep none, by noun.
var noneAhead = map[string]string{
	"backupjob": "schedadd", "cluster": "info", "datastore": "allocate info", "document": "allocate clone info", "group": "info",
	"hook": "info", "host": "allocate info", "image": "allocate clone info restore", "market": "info", "marketapp": "allocate info",
	"secgroup": "clone info", "system": "sql",
	"template": "clone info instantiate", "user": "allocate info", "vdc": "info",
	"vm":      "action allocate disksaveas disksnapshotcreate info schedadd snapshotcreate",
	"vmgroup": "info", "vmpool": "info infoextended infoset", "vn": "allocate info reserve",
	"vntemplate": "clone info instantiate", "vrouter": "info", "zone": "fedreplicate info replicate voterequest",
}

// readAhead answers the indices of the parameters that oned reads before the others.
func readAhead(method string) []int {
	noun, verb, _ := strings.Cut(strings.TrimPrefix(method, "one."), ".")
	switch {
	case slices.Contains(strings.Fields(noneAhead[noun]), verb):
		return nil
	case verb == "schedupdate", verb == "login": // the ID of the scheduled action, the token
		return []int{1}
	case method == "one.vrouter.instantiate": // the ID and the name
		return []int{0, 3}
	}
	return []int{0}
}
