package hook

import (
	"slices"
	"strings"
)

// Told tells whether anybody hears of a call: what only looks at an object or a
// pool happens too often to be an event (HookAPI.cc keeps the same list).
func Told(call string) bool {
	noun, looks := strings.CutSuffix(strings.TrimPrefix(call, "one."), ".info")
	if call == "one.vmpool.infoextended" || call == "one.acl.info" {
		return false
	}
	return !looks || !slices.Contains(lookedAt, strings.TrimSuffix(noun, "pool"))
}

// lookedAt are the nouns of those calls; each has a pool, too.
var lookedAt = []string{
	"vm", "template", "host", "group", "vn", "user", "datastore", "image", "vntemplate", "cluster", "document", "zone",
	"secgroup", "vmgroup", "vdc", "vrouter", "market", "marketapp", "hook",
	"groupquota", "userquota", "hooklog",
}
