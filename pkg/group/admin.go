package group

import (
	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// managed are the kinds of object that an administrator manages in his group.
const managed = one.KindVM | one.KindNet | one.KindImage | one.KindTemplate | one.KindDocument |
	one.KindSecGroup | one.KindVRouter | one.KindVMGroup | one.KindBackupJob

// adminRules are the rights of an administrator within his group
// (Group::add_admin_rules).
func adminRules(gid, uid int) []acl.Rule {
	admin, members, itself := acl.Individual|uint64(uid), acl.GroupOf|uint64(gid), acl.Individual|uint64(gid)
	return []acl.Rule{
		{User: admin, Resource: uint64(one.KindUser) | members, Rights: uint64(one.Use | one.Manage | one.Admin | one.Create), Zone: acl.All},
		{User: admin, Resource: uint64(managed) | members, Rights: uint64(one.Use | one.Manage), Zone: acl.All},
		makesRouters(uid),
		{User: admin, Resource: uint64(one.KindGroup) | itself, Rights: uint64(one.Manage), Zone: acl.All},
	}
}

// makesRouters is the one right of an administrator that is not bound to his
// group: who administers two groups has it once.
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

// revokeAdmin takes the rights away that no other group gives him.
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
