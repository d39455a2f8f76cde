package scheduler

import (
	"github.com/renkei-vpe/renkei/pkg/placement"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
	"github.com/renkei-vpe/renkei/pkg/vmgroup"
)

// bonds returns what the VM group of a VM requires of its host, or nil.
func bonds(r store.Reader, v *vm.VM) *placement.Bonds {
	id, role, in := vm.GroupOf(v)
	if !in {
		return nil
	}
	g, ok := vmgroup.Kind.Table.Get(r, store.ID(id))
	if !ok || !g.HasRole(role) {
		return nil
	}
	a := g.AffinityOf(role)
	return &placement.Bonds{
		Role: placement.Role{Group: id, Name: role}, Together: rolesOf(id, a.Together), Apart: rolesOf(id, a.Apart),
		Hosts: a.Hosts, NotHosts: a.NotHosts,
	}
}

func rolesOf(group int, names []string) (roles []placement.Role) {
	for _, n := range names {
		roles = append(roles, placement.Role{Group: group, Name: n})
	}
	return roles
}

// occupied counts, on each host, the VMs of the roles in the groups of waiting VMs.
func occupied(r store.Reader, waiting []placement.VM) map[int]map[placement.Role]int {
	on, seen := map[int]map[placement.Role]int{}, map[int]bool{}
	for _, w := range waiting {
		if w.Bonds == nil || seen[w.Bonds.Role.Group] {
			continue
		}
		group := w.Bonds.Role.Group
		seen[group] = true
		for v := range vm.InRole(r, group, "") {
			_, name, _ := vm.GroupOf(v)
			for _, id := range vm.HostsOf(v) {
				if on[id] == nil {
					on[id] = map[placement.Role]int{}
				}
				on[id][placement.Role{Group: group, Name: name}]++
			}
		}
	}
	return on
}
