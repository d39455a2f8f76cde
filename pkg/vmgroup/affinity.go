package vmgroup

import (
	"slices"
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
)

// Affinity is where the VMs of a role may run.
type Affinity struct {
	Together []string // roles whose VMs must be on the same host, perhaps this role itself
	Apart    []string // roles whose VMs must be on other hosts
	Hosts    []int    // possible hosts; empty for any
	NotHosts []int    // excluded hosts
}

// AffinityOf returns where the VMs of a role may run. AFFINED rules with a role in common are
// combined (VMGroupRule::reduce).
func (g *VMGroup) AffinityOf(name string) (a Affinity) {
	role := g.roleNamed(name)
	if role == nil {
		return a
	}
	a.Together = g.joined(name)
	for _, text := range g.rules(AntiAffined) {
		if list := names(text); slices.Contains(list, name) {
			a.Apart = append(a.Apart, slices.DeleteFunc(list, func(n string) bool { return n == name })...)
		}
	}
	switch policyOf(role) {
	case Affined:
		a.Together = append(a.Together, name)
	case AntiAffined:
		a.Apart = append(a.Apart, name)
	}
	a.Together, a.Apart = once(a.Together), once(a.Apart)
	a.Hosts, a.NotHosts = hostIDs(role, "HOST_AFFINED"), hostIDs(role, "HOST_ANTI_AFFINED")
	return a
}

// joined lists the roles that AFFINED rules connect to a role, directly or through others,
// including the role itself; nil if no rule names it.
func (g *VMGroup) joined(name string) []string {
	var all []string
	for grown := true; grown; {
		grown = false
		for _, text := range g.rules(Affined) {
			list := names(text)
			touches := slices.Contains(list, name) || slices.ContainsFunc(list, func(n string) bool { return slices.Contains(all, n) })
			for _, n := range list {
				if touches && !slices.Contains(all, n) {
					all, grown = append(all, n), true
				}
			}
		}
	}
	return all
}

func once(list []string) []string {
	slices.Sort(list)
	return slices.Compact(list)
}

// hostIDs reads a list of hosts, and ignores what is not a number.
func hostIDs(role *attr.Attr, key string) (ids []int) {
	for part := range strings.SplitSeq(role.Get(key), ",") {
		if id, err := strconv.Atoi(strings.TrimSpace(part)); err == nil {
			ids = append(ids, id)
		}
	}
	return ids
}
