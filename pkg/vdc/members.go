package vdc

import (
	"slices"

	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// JoinDefault puts a new group into the default VDC: its members may use what
// that VDC has.
func JoinDefault(tx *store.Tx, gid int) error {
	v, err := Kind.Edit(tx, DefaultID)
	if err != nil {
		return err
	}
	at, there := slices.BinarySearch(v.Groups, gid)
	if there {
		return nil
	}
	v.Groups = slices.Insert(v.Groups, at, gid)
	Kind.Put(tx, v)
	return v.open(tx, gid)
}

// open gives a group the rights to what the VDC has.
func (v *VDC) open(tx *store.Tx, gid int) error {
	for _, c := range v.Clusters {
		for _, r := range clusterRules(gid, c) {
			if err := acl.Grant(tx, r); err != nil {
				return err
			}
		}
	}
	return nil
}

// clusterRules are what a group may do with what is in a cluster: it runs VMs
// on the hosts, and uses networks and datastores.
func clusterRules(gid int, c Resource) []acl.Rule {
	where := acl.ClusterOf | uint64(uint32(c.ID))
	if c.ID == All {
		where = acl.All
	}
	var rules []acl.Rule
	for _, may := range []struct {
		kind  one.Kind
		right one.Right
	}{{one.KindHost, one.Manage}, {one.KindNet, one.Use}, {one.KindDatastore, one.Use}} {
		rules = append(rules, acl.Rule{
			User: acl.GroupOf | uint64(gid), Resource: uint64(may.kind) | where,
			Rights: uint64(may.right), Zone: acl.Individual | uint64(c.ZoneID),
		})
	}
	return rules
}

// Forget takes a group that is no more out of all VDCs.
func Forget(tx *store.Tx, gid int) {
	var in []*VDC
	for row := range Kind.Table.All(tx) {
		if slices.Contains(row.Val.Groups, gid) {
			in = append(in, row.Val.Clone())
		}
	}
	for _, v := range in {
		v.Groups = slices.DeleteFunc(v.Groups, func(g int) bool { return g == gid })
		Kind.Put(tx, v)
	}
}
