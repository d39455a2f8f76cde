package rvpe

import (
	"slices"

	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/user"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// Member is a user of RENKEI-VPE: an OpenNebula user with quotas in zones.
type Member struct {
	ID       int     `cbor:"1,keyasint"`
	UID      int     `cbor:"2,keyasint"`
	Disabled bool    `cbor:"3,keyasint,omitempty"`
	Grants   []Grant `cbor:"4,keyasint,omitempty"` // in the order in which they were granted
}

// Grant is the permission to run VMs in a zone, up to a total weight.
type Grant struct {
	Zone  int `cbor:"1,keyasint"`
	Limit int `cbor:"2,keyasint"`
}

// AdminID is the member ID of the administrator.
const AdminID = 0

// Clone implements store.Cloner.
func (m *Member) Clone() *Member {
	c := *m
	c.Grants = slices.Clone(m.Grants)
	return &c
}

var (
	membersByUID = store.NewIndex(func(m *Member) []string { return []string{decimal(m.UID)} })
	members      = store.NewTable("rvpe_user", membersByUID)
)

// Setup makes the administrator a member. It is idempotent.
func Setup(tx *store.Tx) {
	if _, there := members.Get(tx, store.ID(AdminID)); !there {
		members.Put(tx, store.ID(AdminID), &Member{ID: AdminID, UID: one.OneadminID})
	}
}

// Ready tells whether Setup has run.
func Ready(r store.Reader) bool {
	_, there := members.Get(r, store.ID(AdminID))
	return there
}

// Members lists all members whose users exist.
func Members(r store.Reader) (list []*Member) {
	for row := range members.All(r) {
		if _, ok := row.Val.User(r); ok {
			list = append(list, row.Val)
		}
	}
	return list
}

// User answers the member's user.
func (m *Member) User(r store.Reader) (*user.User, bool) {
	return user.Kind.Table.Get(r, store.ID(m.UID))
}

// Name is the name of the user, "" if he is gone.
func (m *Member) Name(r store.Reader) string {
	if u, ok := m.User(r); ok {
		return u.Name
	}
	return ""
}

// MemberOf finds a member by his ID.
func MemberOf(r store.Reader, id int) (*Member, bool) {
	m, ok := members.Get(r, store.ID(id))
	if !ok {
		return nil, false
	}
	_, ok = m.User(r)
	return m, ok
}

// MemberNamed finds a member by the name of his user.
func MemberNamed(r store.Reader, name string) (*Member, bool) {
	u, ok := user.Kind.Named(r, name, 0)
	if !ok {
		return nil, false
	}
	return membersByUID.First(r, decimal(u.ID))
}

// CheckNewMember refuses a name that is taken.
func CheckNewMember(r store.Reader, name string) error {
	if _, there := MemberNamed(r, name); there {
		return refuse("User[%s] already exists.", name)
	}
	return nil
}

// AllocateMember creates a user and makes him a member without zones.
func AllocateMember(tx *store.Tx, c *one.Caller, n user.New) (int, error) {
	if err := CheckNewMember(tx, n.Name); err != nil {
		return -1, err
	}
	uid, err := user.Allocate(tx, c, n)
	if err != nil {
		return -1, err
	}
	m := &Member{ID: tx.Next(members.Name(), firstID), UID: uid}
	members.Put(tx, store.ID(m.ID), m)
	return m.ID, nil
}

// editMember answers a copy of a member, to be changed and stored.
func editMember(tx *store.Tx, id int) (*Member, error) {
	if _, ok := MemberOf(tx, id); !ok {
		return nil, refuse("User[%d] does not exist.", id)
	}
	m, _ := members.Edit(tx, store.ID(id))
	return m, nil
}

// DeleteMember deletes a user who has neither VMs nor images.
func DeleteMember(tx *store.Tx, id int) error {
	m, err := editMember(tx, id)
	if err != nil {
		return err
	}
	if vm.Lives(tx, m.UID) {
		return refuse("Can't delete a user who has incomplete VMs (whose state is neigher 'done' or 'fail'): User[%s]", m.Name(tx))
	}
	for range image.Kind.ByOwner.Find(tx, decimal(m.UID)) {
		return refuse("Can't delete a user who has OS Images: User[%s]", m.Name(tx))
	}
	acl.ForgetObject(tx, one.KindUser, m.UID)
	if err := user.Delete(tx, m.UID); err != nil {
		return err
	}
	forgetMember(tx, id)
	return nil
}

// forgetMember deletes a member, and his reservations of leases.
func forgetMember(tx *store.Tx, id int) {
	releaseLeasesOf(tx, id)
	members.Delete(tx, store.ID(id))
}

// EnableMember enables or disables a member. Disabling deletes his reservations of leases.
func EnableMember(tx *store.Tx, id int, on bool) error {
	m, err := editMember(tx, id)
	if err != nil {
		return err
	}
	m.Disabled = !on
	members.Put(tx, store.ID(id), m)
	if !on {
		releaseLeasesOf(tx, id)
	}
	return nil
}
