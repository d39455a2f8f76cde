package vdc

import (
	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// grantedRight is a right that the groups of a VDC get on objects of a kind.
type grantedRight struct {
	kind  one.Kind
	right one.Right
}

// rights are the rights for each kind of resource, as in the delivered oned.conf
// (DEFAULT_VDC_*_ACL): VMs are deployed on hosts; networks and datastores are used. A cluster
// includes its members.
func rights(kind one.Kind) []grantedRight {
	host, net, ds := grantedRight{one.KindHost, one.Manage}, grantedRight{one.KindNet, one.Use}, grantedRight{one.KindDatastore, one.Use}
	switch kind {
	case one.KindCluster:
		return []grantedRight{host, net, ds}
	case one.KindHost:
		return []grantedRight{host}
	case one.KindDatastore:
		return []grantedRight{ds}
	}
	return []grantedRight{net}
}

// rulesOf are the ACL rules that give a group a resource.
func rulesOf(gid int, kind one.Kind, r Resource) []acl.Rule {
	where := acl.Individual | uint64(uint32(r.ID))
	switch {
	case r.ID == All:
		where = acl.All
	case kind == one.KindCluster:
		where = acl.ClusterOf | uint64(uint32(r.ID))
	}
	var rules []acl.Rule
	for _, g := range rights(kind) {
		rules = append(rules, acl.Rule{
			User: acl.GroupOf | uint64(gid), Resource: uint64(g.kind) | where,
			Rights: uint64(g.right), Zone: acl.Individual | uint64(r.ZoneID),
		})
	}
	return rules
}

// grantAll gives a group all resources of the VDC.
func (v *VDC) grantAll(tx *store.Tx, gid int) error {
	for _, kind := range kinds {
		for _, r := range *v.set(kind) {
			if err := grantTo(tx, gid, kind, r); err != nil {
				return err
			}
		}
	}
	return nil
}

// revokeAll takes all resources of the VDC from a group. As in oned, the group loses them even if
// another VDC has them, too.
func (v *VDC) revokeAll(tx *store.Tx, gid int) {
	for _, kind := range kinds {
		for _, r := range *v.set(kind) {
			revokeFrom(tx, gid, kind, r)
		}
	}
}

// grant gives a resource to all groups.
func (v *VDC) grant(tx *store.Tx, kind one.Kind, r Resource) error {
	for _, gid := range v.Groups {
		if err := grantTo(tx, gid, kind, r); err != nil {
			return err
		}
	}
	return nil
}

// revoke takes a resource from all groups.
func (v *VDC) revoke(tx *store.Tx, kind one.Kind, r Resource) {
	for _, gid := range v.Groups {
		revokeFrom(tx, gid, kind, r)
	}
}

func grantTo(tx *store.Tx, gid int, kind one.Kind, r Resource) error {
	for _, rule := range rulesOf(gid, kind, r) {
		if err := acl.Grant(tx, rule); err != nil {
			return err
		}
	}
	return nil
}

func revokeFrom(tx *store.Tx, gid int, kind one.Kind, r Resource) {
	for _, rule := range rulesOf(gid, kind, r) {
		acl.Revoke(tx, rule)
	}
}
