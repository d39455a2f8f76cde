package acl

import (
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Add makes a rule and returns its ID. Invalid rules and duplicates are refused.
func Add(tx *store.Tx, r Rule) (int, error) {
	if _, found := find(tx, r); found {
		return -1, one.Errorf(one.CodeInternal, "Rule %s already exists", &r)
	}
	if why := r.malformed(); why != "" {
		return -1, one.Errorf(one.CodeInternal, "Rule %s is malformed: %s", &r, why)
	}
	r.ID = tx.Next(Rules.Name(), 0)
	Rules.Put(tx, store.ID(r.ID), &r)
	return r.ID, nil
}

// Grant makes a rule unless it exists.
func Grant(tx *store.Tx, r Rule) error {
	if _, found := find(tx, r); found {
		return nil
	}
	_, err := Add(tx, r)
	return err
}

// Revoke deletes the rule that equals r, if it exists.
func Revoke(tx *store.Tx, r Rule) {
	if id, found := find(tx, r); found {
		Rules.Delete(tx, store.ID(id))
	}
}

// Delete deletes a rule.
func Delete(tx *store.Tx, id int) error {
	if _, ok := Rules.Get(tx, store.ID(id)); !ok {
		return one.Errorf(one.CodeInternal, "Rule %d does not exist", id)
	}
	Rules.Delete(tx, store.ID(id))
	return nil
}

// find returns the ID of the rule that equals r.
func find(tx *store.Tx, r Rule) (int, bool) {
	for row := range byUser.Find(tx, userText(r.User)) {
		r.ID = row.Val.ID
		if *row.Val == r {
			return r.ID, true
		}
	}
	return 0, false
}

// Setup makes the initial rules (AclManager's constructor): the group users may create what
// users need, and everybody may see zones and marketplaces.
func Setup(tx *store.Tx) error {
	creatable := one.KindVM | one.KindImage | one.KindTemplate | one.KindDocument |
		one.KindSecGroup | one.KindVMGroup | one.KindBackupJob
	for _, r := range []Rule{
		{User: GroupOf | one.UsersGroupID, Resource: uint64(creatable) | All, Rights: uint64(one.Create), Zone: All},
		{User: All, Resource: uint64(one.KindZone) | All, Rights: uint64(one.Use), Zone: All},
		{User: All, Resource: uint64(one.KindMarketPlace|one.KindMarketPlaceApp) | All, Rights: uint64(one.Use), Zone: All},
	} {
		if _, err := Add(tx, r); err != nil {
			return err
		}
	}
	return nil
}
