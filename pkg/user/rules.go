package user

import (
	"slices"
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/group"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// New describes a user to be made. Secret is the result of the function Secret, which is too
// slow for a transaction.
type New struct {
	Name, Secret, AuthDriver string
	SHA1Secret               string // "" except for users of OpenNebula 2.2's tools
	Groups                   []int  // the first is the primary one; if empty, see Allocate
}

// CheckNew refuses names and passwords that cannot be part of a session string.
func (d Drivers) CheckNew(name, driver, password string) error {
	if !d[driver].NoPassword {
		return CheckNew(name, driver, password)
	}
	return CheckName(name)
}

// CheckNew is Drivers.CheckNew for drivers that need a password.
func CheckNew(name, driver, password string) error {
	if driver == "" {
		driver = DriverCore
	}
	if err := CheckPassword(driver, password); err != nil {
		return one.Errorf(one.CodeInternal, "%v.", err)
	}
	return CheckName(name)
}

// CheckName refuses names that cannot be part of a session string.
func CheckName(name string) error {
	if err := object.CheckName(name, nameBans); err != nil {
		return one.Errorf(one.CodeInternal, "%v.", err)
	}
	return nil
}

// In reports whether the user is a member of a group.
func (u *User) In(gid int) bool { return slices.Contains(u.Groups, gid) }

// Allocate makes a user. Without groups, the user gets the caller's primary group, or the group
// users if that is oneadmin's.
func Allocate(tx *store.Tx, c *one.Caller, n New) (int, error) {
	gids := n.Groups
	if len(gids) == 0 {
		gids = []int{c.GID}
		if c.GID == one.OneadminGroupID {
			gids = []int{one.UsersGroupID}
		}
	}
	u := &User{Meta: object.Meta{Name: n.Name, GID: gids[0]}, Secret: n.Secret, SHA1Secret: n.SHA1Secret, AuthDriver: n.AuthDriver, Enabled: true}
	if u.AuthDriver == "" {
		u.AuthDriver = DriverCore
	}
	u.Groups = slices.Compact(slices.Sorted(slices.Values(gids)))
	for _, gid := range u.Groups {
		g, err := group.Kind.Get(tx, gid)
		if err != nil {
			return -1, err
		}
		if gid == u.GID {
			u.GName = g.Name
		}
	}
	u.Template.Set("TOKEN_PASSWORD", randomHex())
	id, err := Kind.Add(tx, u)
	if err != nil {
		return -1, err
	}
	u.ownHimself()
	Kind.Put(tx, u)
	touchGroups(tx, u.Groups)
	return id, nil
}

// ownHimself makes a user the owner of himself, with permissions to see and change himself.
func (u *User) ownHimself() { u.UID, u.Perms = u.ID, 0o600 }

// Delete removes a user. His objects stay, under his ID.
func Delete(tx *store.Tx, id int) error {
	u, err := Kind.Get(tx, id)
	if err != nil {
		return err
	}
	if id == one.OneadminID {
		return one.Errorf(one.CodeAction, "Cannot delete user. oneadmin cannot be deleted.")
	}
	Kind.Remove(tx, id)
	quota.Forget(tx, quota.Users, id)
	acl.ForgetUser(tx, id)
	for _, gid := range u.Groups {
		group.DropAdmin(tx, gid, id)
	}
	touchGroups(tx, u.Groups)
	return nil
}

// SetSecret changes the password and the driver, and deletes the login tokens.
func SetSecret(tx *store.Tx, id int, driver, secret string) error {
	u, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	u.AuthDriver = driver
	if secret != "" {
		u.Secret, u.SHA1Secret, u.Tokens = secret, "", nil
	}
	Kind.Put(tx, u)
	return nil
}

// Enable enables or disables a user.
func Enable(tx *store.Tx, id int, on bool) error {
	u, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	if id == one.OneadminID {
		return one.Errorf(one.CodeAction, "Cannot enable/disable oneadmin user")
	}
	u.Enabled = on
	Kind.Put(tx, u)
	return nil
}

// updating keeps one value of each attribute, as oned does, and checks the lists of operations
// such as VM_USE_OPERATIONS.
func updating(_ *store.Tx, _ *one.Caller, _, u *User) error {
	u.Template.KeepLast()
	return one.CheckVMOperations(u.Template.Get)
}

// touchGroups updates the list of members that is shown in groups.
func touchGroups(tx *store.Tx, gids []int) {
	for _, gid := range gids {
		group.Kind.Table.Touch(tx, store.ID(gid))
	}
}

func groupName(r store.Reader, gid int) (string, bool) {
	g, ok := group.Kind.Table.Get(r, store.ID(gid))
	if !ok {
		return "", false
	}
	return g.Name, true
}

// Members lists the users of a group, in order.
func Members(r store.Reader, gid int) []int {
	var ids []int
	for row := range ByMembership.Find(r, strconv.Itoa(gid)) {
		ids = append(ids, row.Val.ID)
	}
	return ids
}
