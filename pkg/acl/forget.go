package acl

import (
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// ForgetUser drops the rules that speak of a user who is no more.
func ForgetUser(tx *store.Tx, uid int) {
	user := Individual | uint64(uid)
	forget(tx, func(r *Rule) bool {
		return r.User == user || r.Resource == uint64(one.KindUser)|user
	})
}

// ForgetGroup drops the rules of and about a group that is no more.
func ForgetGroup(tx *store.Tx, gid int) {
	group := GroupOf | uint64(gid)
	forget(tx, func(r *Rule) bool {
		return r.User == group || r.Resource&(GroupOf|idMask) == group ||
			r.Resource == uint64(one.KindGroup)|Individual|uint64(gid)
	})
}

// ForgetCluster drops the rules about a cluster that is no more.
func ForgetCluster(tx *store.Tx, id int) {
	cluster := ClusterOf | uint64(id)
	forget(tx, func(r *Rule) bool {
		return r.Resource&(ClusterOf|idMask) == cluster || r.Resource == uint64(one.KindCluster)|Individual|uint64(id)
	})
}

// ForgetObject drops the rules about one object of a kind that is no more. A
// rule that names several kinds stays: another object may have that ID.
func ForgetObject(tx *store.Tx, kind one.Kind, id int) {
	object := uint64(kind) | Individual | uint64(id)
	forget(tx, func(r *Rule) bool { return r.Resource == object })
}

func forget(tx *store.Tx, gone func(*Rule) bool) {
	var ids []store.Key
	for row := range Rules.All(tx) {
		if gone(row.Val) {
			ids = append(ids, row.Key)
		}
	}
	for _, id := range ids {
		Rules.Delete(tx, id)
	}
}
