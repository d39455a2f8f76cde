package group

import (
	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// managed are the kinds of objects that a group administrator manages.
const managed = one.KindVM | one.KindNet | one.KindImage | one.KindTemplate | one.KindDocument |
	one.KindSecGroup | one.KindVRouter | one.KindVMGroup | one.KindBackupJob

// adminRules are the ACL rules for a group administrator (Group::add_admin_rules).
func adminRules(gid, uid int) []acl.Rule {
	admin, members, itself := acl.Individual|uint64(uid), acl.GroupOf|uint64(gid), acl.Individual|uint64(gid)
	return []acl.Rule{
		{User: admin, Resource: uint64(one.KindUser) | members, Rights: uint64(one.Use | one.Manage | one.Admin | one.Create), Zone: acl.All},
		{User: admin, Resource: uint64(managed) | members, Rights: uint64(one.Use | one.Manage), Zone: acl.All},
		makesRouters(uid),
		{User: admin, Resource: uint64(one.KindGroup) | itself, Rights: uint64(one.Manage), Zone: acl.All},
	}
}

// makesRouters is the only rule for an administrator that does not name the group. An
// administrator of two groups has it once.
func makesRouters(uid int) acl.Rule {
	return acl.Rule{
		User: acl.Individual | uint64(uid), Resource: uint64(one.KindVRouter) | acl.All,
		Rights: uint64(one.Create), Zone: acl.All,
	}
}

func grantAdmin(tx *store.Tx, gid, uid int) error {
	for _, r := range adminRules(gid, uid) {
		if err := acl.Grant(tx, r); err != nil {
			return err
		}
	}
	return nil
}

// revokeAdmin deletes the rules of a former administrator, except those that another group
// needs.
func revokeAdmin(tx *store.Tx, gid, uid int) {
	elsewhere := isAdminAnywhere(tx, uid)
	for _, r := range adminRules(gid, uid) {
		if r == makesRouters(uid) && elsewhere {
			continue
		}
		acl.Revoke(tx, r)
	}
}

func isAdminAnywhere(r store.Reader, uid int) bool {
	for row := range Kind.Table.All(r) {
		if row.Val.IsAdmin(uid) {
			return true
		}
	}
	return false
}
