package vm

import (
	"iter"
	"slices"
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vmgroup"
)

// byVMGroup finds the VMs of a VM group by the group's ID. VMs in DONE are not members.
var byVMGroup = store.NewIndex(func(v *VM) []string {
	if id, _, in := GroupOf(v); in {
		return []string{strconv.Itoa(id)}
	}
	return nil
})

// GroupOf returns the VM group and role of a VM.
func GroupOf(v *VM) (id int, role string, in bool) {
	if v == nil || v.State == one.VMDone {
		return 0, "", false
	}
	g := v.Template.Vector("VMGROUP")
	if g == nil {
		return 0, "", false
	}
	id, ok := g.Int("VMGROUP_ID")
	return id, g.Get("ROLE"), ok
}

// InRole iterates over the VMs in a role, or in all roles of the group if role is "".
func InRole(r store.Reader, group int, role string) iter.Seq[*VM] {
	return func(yield func(*VM) bool) {
		for row := range byVMGroup.Find(r, strconv.Itoa(group)) {
			if _, name, _ := GroupOf(row.Val); (role == "" || name == role) && !yield(row.Val) {
				return
			}
		}
	}
}

// CountInRole counts the VMs in a role, for pkg/vmgroup.
func CountInRole(r store.Reader, group int, role string) (n int) {
	for range InRole(r, group, role) {
		n++
	}
	return n
}

// settleGroup has VM groups rendered again if their members have changed.
func settleGroup(tx *store.Tx, was, v *VM) {
	before, oldRole, wasIn := GroupOf(was)
	after, role, isIn := GroupOf(v)
	if wasIn == isIn && before == after && oldRole == role {
		return
	}
	if wasIn {
		touchGroup(tx, before)
	}
	if isIn {
		touchGroup(tx, after)
	}
}

func touchGroup(tx *store.Tx, id int) {
	if _, there := vmgroup.Kind.Table.Get(tx, store.ID(id)); there {
		vmgroup.Kind.Table.Touch(tx, store.ID(id))
	}
}

// claimGroup adds a new VM to the VM group in its template. Only the first VMGROUP counts.
func claimGroup(tx *store.Tx, _ Settings, v *VM) error {
	named := v.User.Vectors("VMGROUP")
	if len(named) == 0 {
		v.User.Del("VMGROUP")
		return nil
	}
	g := named[0].Clone()
	v.User.Del("VMGROUP")
	if err := join(tx, v, &g); err != nil {
		return bad("%v", err)
	}
	v.Template.Del("VMGROUP")
	v.Template.Add(g)
	return nil
}

// join resolves the VM group of a VMGROUP attribute and adds its VMGROUP_ID.
func join(r store.Reader, v *VM, g *attr.Attr) error {
	if g.Get("ROLE") == "" {
		return one.Errorf(one.CodeAction, "Missing role name in VM Group definition")
	}
	group, ok := namedGroup(r, v.UID, g)
	switch {
	case !ok:
		return one.Errorf(one.CodeAction, "Cannot find VM Group to associate the VM")
	case !group.HasRole(g.Get("ROLE")):
		return one.Errorf(one.CodeAction, "Role does not exist in VM Group")
	}
	g.Set("VMGROUP_ID", strconv.Itoa(group.ID))
	return nil
}

// namedGroup finds a VM group by name and owner, or by ID if no name is given.
func namedGroup(r store.Reader, uid int, g *attr.Attr) (*vmgroup.VMGroup, bool) {
	if name := g.Get("VMGROUP_NAME"); name != "" {
		if owner, said := g.Int("VMGROUP_UID"); said {
			uid = owner
		}
		return vmgroup.Kind.Named(r, name, uid)
	}
	id, ok := g.Int("VMGROUP_ID")
	if !ok {
		return nil, false
	}
	return vmgroup.Kind.Table.Get(r, store.ID(id))
}

// JoinGroup serves one.vm.vmgroupadd. The VM leaves its previous group. If it is on a host, the
// role has to allow that host.
func JoinGroup(tx *store.Tx, id, group int, role string) error {
	v, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	g, err := vmgroup.Kind.Get(tx, group)
	if err != nil {
		return err
	}
	if v.State == one.VMActive && v.Last() != nil {
		if err := checkAffinity(tx, v, g, role); err != nil {
			return err
		}
	}
	a := attr.NewVector("VMGROUP", attr.Pair{Key: "ROLE", Value: role}, attr.Pair{Key: "VMGROUP_ID", Value: strconv.Itoa(group)})
	if err := join(tx, v, &a); err != nil {
		return err
	}
	v.Template.Del("VMGROUP")
	v.Template.Add(a)
	return put(tx, v, unchecked)
}

// LeaveGroup serves one.vm.vmgroupdel.
func LeaveGroup(tx *store.Tx, id int) error {
	v, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	v.Template.Del("VMGROUP")
	return put(tx, v, unchecked)
}

// checkAffinity checks whether a role allows the host that the VM is on, given the hosts of the
// group's other VMs (VMGroup::check_affinity).
func checkAffinity(r store.Reader, v *VM, g *vmgroup.VMGroup, role string) error {
	if !g.HasRole(role) {
		return one.Errorf(one.CodeAction, "Role does not exist in VM Group")
	}
	mine, want := v.Last().HostID, g.AffinityOf(role)
	for _, other := range slices.Concat(want.Together, want.Apart) {
		for o := range InRole(r, g.ID, other) {
			if o.ID == v.ID || o.State != one.VMActive || o.Last() == nil {
				continue
			}
			together := slices.Contains(want.Together, other)
			if together == (o.Last().HostID == mine) {
				continue
			}
			return affinityError(v.ID, mine, role, other, o, together)
		}
	}
	if slices.Contains(want.NotHosts, mine) || len(want.Hosts) > 0 && !slices.Contains(want.Hosts, mine) {
		return one.Errorf(one.CodeAction, "VM %d is on host %d but role %s has HOST_AFFINED/HOST_ANTI_AFFINED rules that are violated by this host",
			v.ID, mine, role)
	}
	return nil
}

// affinityError is oned's error for a VM whose host contradicts the (anti-)affinity to the VM o.
func affinityError(id, host int, role, other string, o *VM, together bool) error {
	policy, where := vmgroup.AntiAffined, "the same host"
	if together {
		policy, where = vmgroup.Affined, "host "+strconv.Itoa(o.Last().HostID)
	}
	if other == role {
		return one.Errorf(one.CodeAction, "VM %d is on host %d but role %s is %s and VM %d is on %s", id, host, role, policy, o.ID, where)
	}
	return one.Errorf(one.CodeAction, "VM %d is on host %d but it is %s with role %s and VM %d is on %s", id, host, policy, other, o.ID, where)
}

// HostsOf lists the hosts on which a VM holds capacity.
func HostsOf(v *VM) []int { return hostsOf(v) }
