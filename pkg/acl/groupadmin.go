package acl

import (
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// adminOf are the rules of a group's administrator (Group::add_admin_rules).
func adminOf(gid, uid int) []Rule {
	const everything = one.KindVM | one.KindNet | one.KindImage | one.KindTemplate | one.KindDocument |
		one.KindSecGroup | one.KindVRouter | one.KindVMGroup | one.KindBackupJob
	admin := Individual | uint64(uid)
	ofGroup, itself := GroupOf|uint64(gid), Individual|uint64(gid)
	return []Rule{
		{User: admin, Resource: uint64(everything) | ofGroup, Rights: uint64(one.Use | one.Manage), Zone: All},
		{User: admin, Resource: uint64(one.KindUser) | ofGroup, Rights: uint64(one.Use | one.Manage | one.Admin), Zone: All},
		{User: admin, Resource: uint64(one.KindUser) | All, Rights: uint64(one.Create), Zone: All},
		{User: admin, Resource: uint64(one.KindGroup) | itself, Rights: uint64(one.Use | one.Manage), Zone: All},
	}
}

// AllowGroupAdmin gives a group's administrator his rights.
func AllowGroupAdmin(tx *store.Tx, gid, uid int) error {
	for _, r := range adminOf(gid, uid) {
		if err := Grant(tx, r); err != nil {
			return err
		}
	}
	return nil
}

// DropGroupAdmin takes them away again.
func DropGroupAdmin(tx *store.Tx, gid, uid int) {
	for _, r := range adminOf(gid, uid) {
		Revoke(tx, r)
	}
}
