package user_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/group"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/user"
)

func TestSetup(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for id, name := range []string{"oneadmin", "serveradmin"} {
		u := w.user(id)
		if u.Name != name || u.GID != 0 || u.GName != "oneadmin" || !u.Enabled || len(u.Template.Get("TOKEN_PASSWORD")) != 64 {
			t.Errorf("user %d is %+v", id, u)
		}
	}
}

func TestNewUserOwnsHimself(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	u := w.user(alice)
	if u.ID != alice || u.UID != alice || u.GID != devs || u.GName != "devs" || u.AuthDriver != user.DriverCore || u.Perms != 0o600 {
		t.Errorf("alice is %+v", u)
	}
}

func TestGroupsOfANewUser(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	member := &one.Caller{UID: alice, GID: devs, Groups: []int{devs}}
	for _, tt := range []struct {
		name   string
		caller *one.Caller
		given  []int
		gid    int
		groups []int
	}{
		{"admins-pick-users", oneadmin(), nil, one.UsersGroupID, []int{one.UsersGroupID}},
		{"others-pick-their-own", member, nil, devs, []int{devs}},
		{"first-is-primary", oneadmin(), []int{ops, devs, ops}, ops, []int{devs, ops}},
	} {
		var id int
		w.do(func(tx *store.Tx) (err error) {
			id, err = user.Allocate(tx, tt.caller, user.New{Name: tt.name, Groups: tt.given})
			return err
		})
		if u := w.user(id); u.GID != tt.gid || !slices.Equal(u.Groups, tt.groups) {
			t.Errorf("%s: group %d of %v, want %d of %v", tt.name, u.GID, u.Groups, tt.gid, tt.groups)
		}
	}
}

func TestAllocateRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, tt := range []struct {
		new  user.New
		want string
	}{
		{user.New{Name: "alice"}, "NAME is already taken by USER 2."},
		{user.New{Name: "dave", Groups: []int{777}}, "Error getting group [777]."},
	} {
		err := w.try(func(tx *store.Tx) error {
			_, err := user.Allocate(tx, oneadmin(), tt.new)
			return err
		})
		if message(err) != tt.want {
			t.Errorf("got %q, want %q", message(err), tt.want)
		}
	}
}

func TestCheckNew(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, driver, password, want string }{
		{"dave", "", "x", ""},
		{"dave", "", "", "Invalid password, it cannot be empty."},
		{"dave", "", "a b", "Invalid password, character ' ' is not allowed."},
		{"dave", "", strings.Repeat("x", 257), "Password is longer than max allowed length. Max allowed length for the driver core : 256 bytes."},
		{"dave", "ldap", "", ""},
		{"dave", "nosuchdriver", strings.Repeat("x", 257), ""},
		{"", "", "x", "Invalid NAME, it cannot be empty."},
		{"da:ve", "", "x", "Invalid NAME, char ':' is not allowed."},
		{"da ve", "", "x", "Invalid NAME, char ' ' is not allowed."},
	} {
		err := user.DefaultDrivers().CheckNew(tt.name, tt.driver, tt.password)
		if message(err) != tt.want {
			t.Errorf("%q %s %q: got %q, want %q", tt.name, tt.driver, tt.password, message(err), tt.want)
		}
		if err != nil && !errors.Is(err, one.ErrInternal) {
			t.Errorf("%v has the wrong code", err)
		}
	}
}

func TestServerUsersHaveKeys(t *testing.T) {
	t.Parallel()
	if _, err := user.Secret(user.DriverServerCipher, "password", cost); err == nil {
		t.Error("a password was taken for a key")
	}
	key := user.ServerKey("password")
	if got, err := user.Secret(user.DriverServerCipher, key, cost); got != key || err != nil {
		t.Errorf("key %s became %q, %v", key, got, err)
	}
}

func TestShown(t *testing.T) {
	t.Parallel()
	hash := newWorld(t).hash("secret")
	for _, tt := range []struct {
		driver, secret string
		plain          bool
	}{
		{user.DriverCore, hash, false},
		{user.DriverServerCipher, user.ServerKey("x"), false},
		{user.DriverPublic, hash, false}, // changed from core without a new password
		{user.DriverPublic, "eve-dn", true},
		{"x509", "/C=ES/O=ONE", true},
	} {
		u := &user.User{AuthDriver: tt.driver, Secret: tt.secret}
		if got := u.Shown(); (got == tt.secret) != tt.plain || !tt.plain && len(got) != 64 {
			t.Errorf("%s shows %q of %q", tt.driver, got, tt.secret)
		}
	}
	old, changed := &user.User{AuthDriver: user.DriverCore, SHA1Secret: "a"}, &user.User{AuthDriver: user.DriverCore, SHA1Secret: "b"}
	if old.Shown() == changed.Shown() {
		t.Error("a user of whom only the SHA-1 is known shows the same for two passwords")
	}
}

// TestAServerIsShownItsOwnKey: and nobody else is.
func TestAServerIsShownItsOwnKey(t *testing.T) {
	t.Parallel()
	hash, key := newWorld(t).hash("secret"), user.ServerKey("x")
	for _, tt := range []struct {
		driver, secret string
		asks           int
		plain          bool
	}{
		{user.DriverServerCipher, key, one.ServeradminID, true},
		{user.DriverServerCipher, key, one.OneadminID, false},
		{user.DriverServerCipher, hash, one.ServeradminID, false}, // changed from core without a new password
		{user.DriverCore, hash, one.ServeradminID, false},
	} {
		u := &user.User{Meta: object.Meta{ID: one.ServeradminID}, AuthDriver: tt.driver, Secret: tt.secret}
		if got := u.ShownTo(tt.asks); (got == tt.secret) != tt.plain {
			t.Errorf("%s of %d shows %q of %q to %d", tt.driver, u.ID, got, tt.secret, tt.asks)
		}
	}
}

func TestDelete(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.do(func(tx *store.Tx) error {
		_, err := acl.Add(tx, acl.Rule{User: acl.Individual | alice, Resource: uint64(one.KindVM) | acl.All, Rights: 1, Zone: acl.All})
		return errors.Join(err, group.AddAdmin(tx, devs, alice, true),
			quota.SetLimits(tx, quota.Users, alice, attr.Template{attr.NewVector("VM", attr.Pair{Key: "VMS", Value: "1"})}, nil))
	})
	w.do(func(tx *store.Tx) error { return user.Delete(tx, alice) })
	r := w.store.Read()
	g, _ := group.Kind.Get(r, devs)
	if len(user.Members(r, devs)) > 0 || len(g.Admins) > 0 || quota.Users.Len(r)+acl.Rules.Len(r) > 0 {
		t.Errorf("left over: members %v, admins %v, %d quotas, %d rules",
			user.Members(r, devs), g.Admins, quota.Users.Len(r), acl.Rules.Len(r))
	}
	err := w.try(func(tx *store.Tx) error { return user.Delete(tx, one.OneadminID) })
	if want := "Cannot delete user. oneadmin cannot be deleted."; message(err) != want {
		t.Errorf("got %q, want %q", message(err), want)
	}
}

func TestGroups(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, step := range []struct {
		name string
		do   func(tx *store.Tx) error
		want string // an error, or the primary group and all groups
	}{
		{"add", func(tx *store.Tx) error { return user.AddGroup(tx, alice, ops) }, "devs [100 101]"},
		{"add again", func(tx *store.Tx) error { return user.AddGroup(tx, alice, ops) }, "User is already in this group"},
		{"add what is not there", func(tx *store.Tx) error { return user.AddGroup(tx, alice, 4242) }, "Error getting group [4242]."},
		{"to a secondary one", func(tx *store.Tx) error { return user.SetGroup(tx, alice, ops) }, "ops [100 101]"},
		{"out of the primary one", func(tx *store.Tx) error { return user.DelGroup(tx, alice, ops) }, "Cannot remove user from the primary group"},
		{"out", func(tx *store.Tx) error { return user.DelGroup(tx, alice, devs) }, "ops [101]"},
		{"out again", func(tx *store.Tx) error { return user.DelGroup(tx, alice, devs) }, "User is not part of this group"},
		{"to a new one", func(tx *store.Tx) error { return user.SetGroup(tx, alice, devs) }, "devs [100]"},
		{"oneadmin", func(tx *store.Tx) error { return user.SetGroup(tx, 0, devs) }, "user [0] oneadmin cannot be moved outside of the group [0] oneadmin"},
	} {
		got := message(w.try(step.do))
		if u := w.user(alice); got == "" {
			got = fmt.Sprint(u.GName, " ", u.Groups)
		}
		if got != step.want {
			t.Errorf("%s: got %q, want %q", step.name, got, step.want)
		}
	}
}

func TestFormerAdminHasNoRights(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.do(func(tx *store.Tx) error {
		return errors.Join(user.AddGroup(tx, alice, ops), group.AddAdmin(tx, ops, alice, true))
	})
	if n := acl.Rules.Len(w.store.Read()); n != 4 {
		t.Fatalf("%d rules of the administrator, want 4", n)
	}
	w.do(func(tx *store.Tx) error { return user.DelGroup(tx, alice, ops) })
	if n := acl.Rules.Len(w.store.Read()); n != 0 {
		t.Errorf("%d rules are left", n)
	}
}

func TestRestrictedAttributes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.do(func(tx *store.Tx) error {
		return user.Kind.Update(tx, oneadmin(), alice, "VM_USE_OPERATIONS=stop A=1", false, object.VMOperations())
	})
	self := &one.Caller{UID: alice, GID: devs, Groups: []int{devs}}
	for _, tt := range []struct{ text, want string }{
		{"VM_USE_OPERATIONS=deploy", "Cannot update template. Tried to change restricted attribute: VM_USE_OPERATIONS"},
		{"VM_ADMIN_OPERATIONS=deploy", "Cannot update template. Tried to change restricted attribute: VM_ADMIN_OPERATIONS"},
		{"VM_USE_OPERATIONS=stop B=2", ""},
		{"B=1 B=3", ""},
	} {
		err := w.try(func(tx *store.Tx) error {
			return user.Kind.Update(tx, self, alice, tt.text, false, object.VMOperations())
		})
		if message(err) != tt.want {
			t.Errorf("%s: got %q, want %q", tt.text, message(err), tt.want)
		}
	}
	unknown := w.try(func(tx *store.Tx) error {
		return user.Kind.Update(tx, oneadmin(), alice, "VM_MANAGE_OPERATIONS=\"stop, fly\"", true, object.VMOperations())
	})
	if message(unknown) != "Cannot update template. Unknown vm operation: fly" {
		t.Errorf("an operation that is none: %v", unknown)
	}
	want := attr.Template{attr.NewSingle("B", "3"), attr.NewSingle("VM_USE_OPERATIONS", "stop")}
	if diff := cmp.Diff(want, w.user(alice).Template); diff != "" {
		t.Errorf("wrong template:\n%s", diff)
	}
}

func TestUserIsAnObjectOfHisOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	self := &one.Caller{UID: alice, GID: devs, Groups: []int{devs}}
	o, clusters, err := user.Kind.Look(w.store.Read(), alice)
	if err != nil {
		t.Fatal(err)
	}
	for right, want := range map[one.Right]bool{one.Use: true, one.Manage: true, one.Admin: false} {
		if got := acl.May(w.store.Read(), self, acl.On(one.KindUser, o, clusters, right)); got != want {
			t.Errorf("alice may %s alice: %v, want %v", right, got, want)
		}
	}
}
