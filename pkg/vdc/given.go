package vdc

import (
	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// given is a right that a VDC's groups get to the objects of a kind.
type given struct {
	kind  one.Kind
	right one.Right
}

// rights is what each kind of resource gives (DEFAULT_VDC_*_ACL as delivered):
// VMs are run on hosts, networks and datastores are used. A cluster gives what
// is in it.
func rights(kind one.Kind) []given {
	host, net, ds := given{one.KindHost, one.Manage}, given{one.KindNet, one.Use}, given{one.KindDatastore, one.Use}
	switch kind {
	case one.KindCluster:
		return []given{host, net, ds}
	case one.KindHost:
		return []given{host}
	case one.KindDatastore:
		return []given{ds}
	}
	return []given{net}
}

// rulesOf are the ACL rules that give a resource to a group.
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

// open gives a group all that the VDC has.
func (v *VDC) open(tx *store.Tx, gid int) error {
	for _, kind := range kinds {
		for _, r := range *v.set(kind) {
			if err := grantTo(tx, gid, kind, r); err != nil {
				return err
			}
		}
	}
	return nil
}

// close takes from a group all that the VDC has. As in oned that is gone even
// where another VDC gives it, too.
func (v *VDC) close(tx *store.Tx, gid int) {
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
