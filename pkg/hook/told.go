package hook

import (
	"slices"
	"strings"
)

// Told reports whether an API call is an event. The calls that read an object or a pool are too
// frequent (HookAPI.cc has the same list).
func Told(call string) bool {
	noun, looks := strings.CutSuffix(strings.TrimPrefix(call, "one."), ".info")
	if call == "one.vmpool.infoextended" || call == "one.acl.info" {
		return false
	}
	return !looks || !slices.Contains(lookedAt, strings.TrimSuffix(noun, "pool"))
}

// lookedAt are the nouns of these calls, which also have a pool.
var lookedAt = []string{
	"vm", "template", "host", "group", "vn", "user", "datastore", "image", "vntemplate", "cluster", "document", "zone",
	"secgroup", "vmgroup", "vdc", "vrouter", "market", "marketapp", "hook",
	"groupquota", "userquota", "hooklog",
}
