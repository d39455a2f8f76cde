package acl

import (
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// ForgetUser deletes the rules that name a deleted user.
func ForgetUser(tx *store.Tx, uid int) {
	user := Individual | uint64(uid)
	forget(tx, func(r *Rule) bool {
		return r.User == user || r.Resource == uint64(one.KindUser)|user
	})
}

// ForgetGroup deletes the rules that name a deleted group.
func ForgetGroup(tx *store.Tx, gid int) {
	group := GroupOf | uint64(gid)
	forget(tx, func(r *Rule) bool {
		return r.User == group || r.Resource&(GroupOf|idMask) == group ||
			r.Resource == uint64(one.KindGroup)|Individual|uint64(gid)
	})
}

// ForgetCluster deletes the rules that name a deleted cluster.
func ForgetCluster(tx *store.Tx, id int) {
	cluster := ClusterOf | uint64(id)
	forget(tx, func(r *Rule) bool {
		return r.Resource&(ClusterOf|idMask) == cluster || r.Resource == uint64(one.KindCluster)|Individual|uint64(id)
	})
}

// ForgetObject deletes the rules that name a deleted object. A rule for several kinds stays,
// because an object of another kind may have the same ID.
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
