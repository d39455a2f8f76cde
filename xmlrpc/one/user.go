package one

import (
	"cmp"
	"context"

	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/group"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/user"
	"github.com/renkei-vpe/renkei/xmlrpc"
	"github.com/renkei-vpe/renkei/xmlrpc/one/render"
)

func userMethods() []method {
	str := func(name string) xmlrpc.Param { return xmlrpc.Param{Name: name, Type: xmlrpc.String} }
	gids := xmlrpc.Param{Name: "group ids", Type: xmlrpc.ArrayType, Optional: true, Default: []any(nil)}
	egid := xmlrpc.Param{Name: "effective group id", Type: xmlrpc.Int, Optional: true, Default: int32(-1)}
	return []method{
		{name: "one.user.allocate", params: params(str("name"), str("password"), str("auth driver"), gids), may: mayAllocateUser, secret: 2, do: userAllocate},
		{name: "one.user.delete", params: params(pID), may: on(user.Kind, one.Admin, 1), do: change(byID(user.Delete))},
		{name: "one.user.info", params: params(pID, pDecrypt), may: mayUserInfo, do: userInfo},
		updateOf("user", user.Kind, one.Manage),
		{name: "one.user.passwd", params: params(pID, str("password")), may: basic(user.Kind, one.Manage, 1), secret: 2, do: userPasswd},
		{name: "one.user.chauth", params: params(pID, str("driver"), str("password")), may: basic(user.Kind, one.Admin, 1), secret: 3, do: userChauth},
		{name: "one.user.login", params: params(str("user"), str("token"), ints("seconds")[0], egid), may: mayLogin, secret: 2, do: userLogin},
		{name: "one.user.enable", params: params(pID, xmlrpc.Param{Name: "enable", Type: xmlrpc.Bool}), may: mayEnable, do: change(userEnable)},
		{name: "one.user.chgrp", params: ints("user id", "group id"), may: mayChgrp, do: change(byIDs(user.SetGroup))},
		{name: "one.user.addgroup", params: ints("user id", "group id"), may: mayEditGroups, do: change(byIDs(user.AddGroup))},
		{name: "one.user.delgroup", params: ints("user id", "group id"), may: mayEditGroups, do: change(byIDs(user.DelGroup))},
		{name: "one.user.quota", params: params(pID, str("quota")), may: basic(user.Kind, one.Admin, 1), do: change(userQuota)},
		{name: "one.userpool.info", do: userPool},
		{name: "one.userquota.info", do: quotaDefaults("DEFAULT_USER_QUOTAS", quota.OfUsers)},
		{name: "one.userquota.update", params: params(str("quota")), may: maySetDefaults, do: setQuotaDefaults("DEFAULT_USER_QUOTAS", quota.OfUsers)},
	}
}

// groupIDs reads the list of groups of a new user.
func groupIDs(v any) (ids []int) {
	for _, x := range v.([]any) {
		ids = append(ids, int(x.(int32)))
	}
	return ids
}

// checkIDs refuses a list of anything but numbers.
func checkIDs(v any) error {
	for _, x := range v.([]any) {
		if _, ok := x.(int32); !ok {
			return xmlrpc.FaultNoInteger()
		}
	}
	return nil
}

// mayAllocateUser needs to create users, and to manage the groups that are not
// the caller's own.
func mayAllocateUser(c *call) ([]acl.Ask, error) {
	if err := checkIDs(c.args[3]); err != nil {
		return nil, err
	}
	asks := []acl.Ask{acl.ToCreate(one.KindUser)}
	for _, gid := range groupIDs(c.args[3]) {
		if _, err := group.Kind.Get(c.Snap, gid); err != nil {
			return nil, err
		}
		if gid == c.Caller.GID {
			continue
		}
		more, err := askOn(c, group.Kind, one.Manage, gid)
		if err != nil {
			return nil, err
		}
		asks = append(asks, more...)
	}
	return asks, nil
}

// userAllocate hashes the password before the transaction, because hashing is slow.
func userAllocate(ctx context.Context, s *Server, c *call) (any, error) {
	name, password, driver := c.Text(1), c.Text(2), cmp.Or(c.Text(3), user.DriverCore)
	if err := s.Drivers.CheckNew(name, driver, password); err != nil {
		return nil, err
	}
	secret, err := s.secret(driver, password)
	if err != nil {
		return nil, err
	}
	return s.update(ctx, c, func(tx *store.Tx) (any, error) {
		return user.Allocate(tx, c.Caller, user.New{Name: name, Secret: secret, AuthDriver: driver, Groups: groupIDs(c.args[3])})
	})
}

// secret makes what is kept of a password.
func (s *Server) secret(driver, password string) (string, error) {
	return user.Secret(driver, password, s.HashCost)
}

// userPasswd changes a password. Administrators may also change passwords that the users
// themselves may not.
func userPasswd(ctx context.Context, s *Server, c *call) (any, error) {
	u, err := user.Kind.Get(c.Snap, c.Int(1))
	if err != nil {
		return nil, noReason()
	}
	if !s.Drivers[u.AuthDriver].OwnPassword && !c.Caller.IsAdmin() {
		return nil, one.Errorf(one.CodeAction, "Password for driver %s cannot be changed.", u.AuthDriver)
	}
	if u.SHA1Secret != "" && u.AuthDriver == user.DriverCore {
		return s.setBoth(ctx, c, c.Text(2))
	}
	return s.setSecret(ctx, c, u.AuthDriver, c.Text(2))
}

// noReason is the empty refusal of an ID below 0, as in oned.
func noReason() error { return one.Errorf(one.CodeAction, "") }

func userChauth(ctx context.Context, s *Server, c *call) (any, error) {
	if _, err := user.Kind.Get(c.Snap, c.Int(1)); err != nil {
		return nil, noReason()
	}
	if c.Text(3) == "" {
		return s.update(ctx, c, func(tx *store.Tx) (any, error) { return c.Int(1), user.SetSecret(tx, c.Int(1), c.Text(2), "") })
	}
	return s.setSecret(ctx, c, c.Text(2), c.Text(3))
}

func (s *Server) setSecret(ctx context.Context, c *call, driver, password string) (any, error) {
	if err := user.CheckPassword(driver, password); err != nil {
		return nil, err
	}
	secret, err := s.secret(driver, password)
	if err != nil {
		return nil, err
	}
	return s.update(ctx, c, func(tx *store.Tx) (any, error) { return c.Int(1), user.SetSecret(tx, c.Int(1), driver, secret) })
}

// setBoth is setSecret for users who also log in with OpenNebula 2.2's tools.
func (s *Server) setBoth(ctx context.Context, c *call, password string) (any, error) {
	if err := user.CheckPassword(user.DriverCore, password); err != nil {
		return nil, err
	}
	secrets, err := user.BothSecrets(password, s.HashCost)
	if err != nil {
		return nil, err
	}
	return s.update(ctx, c, func(tx *store.Tx) (any, error) { return c.Int(1), user.SetSecrets(tx, c.Int(1), secrets) })
}

// mayEnable refuses an ID below 0 only after the rights are checked: before that, oned
// looks for no user.
func mayEnable(c *call) ([]acl.Ask, error) {
	asks, err := basic(user.Kind, one.Admin, 1)(c)
	if err == nil && c.Int(1) < 0 && c.Caller.IsAdmin() {
		err = one.Errorf(one.CodeAction, "User not found")
	}
	return asks, err
}

func userEnable(tx *store.Tx, _ *Server, c *call) (int, error) {
	return c.Int(1), user.Enable(tx, c.Int(1), c.Bool(2))
}

// mayChgrp needs MANAGE of the user and USE of the group. As in oned, what nobody may do is
// refused before that.
func mayChgrp(c *call) ([]acl.Ask, error) {
	if c.Int(2) < 0 {
		return nil, one.Errorf(one.CodeRPC, "Wrong group ID")
	}
	u, err := user.Kind.Get(c.Snap, c.Int(1))
	if err != nil {
		return nil, err
	}
	if c.Server.Drivers[u.AuthDriver].Groups && !u.In(c.Int(2)) {
		return nil, one.Errorf(one.CodeRPC, driverManages, u.AuthDriver)
	}
	asks, err := all(on(user.Kind, one.Manage, 1), on(group.Kind, one.Use, 2))(c)
	if err != nil {
		return nil, err
	}
	return asks, user.CheckMovable(u.ID)
}

const driverManages = "Groups cannot be manually managed for auth driver %s"

// mayEditGroups needs MANAGE of the user and the group, and refuses users whose driver
// manages their groups.
func mayEditGroups(c *call) ([]acl.Ask, error) {
	u, err := user.Kind.Get(c.Snap, c.Int(1))
	if err != nil {
		return nil, err
	}
	if c.Server.Drivers[u.AuthDriver].Groups {
		return nil, one.Errorf(one.CodeAction, driverManages, u.AuthDriver)
	}
	return all(on(user.Kind, one.Manage, 1), on(group.Kind, one.Manage, 2))(c)
}

func mayLogin(c *call) ([]acl.Ask, error) {
	u, ok := user.Kind.Named(c.Snap, c.Text(1), 0)
	if !ok {
		return nil, one.Errorf(one.CodeNoExists, "Error getting user Pool.")
	}
	return askOn(c, user.Kind, one.Manage, u.ID)
}

// userLogin creates or deletes a login token. If the user's driver allows no tokens, the
// user loses the existing ones, whatever was asked for.
func userLogin(ctx context.Context, s *Server, c *call) (any, error) {
	var refused error
	token, err := s.update(ctx, c, func(tx *store.Tx) (any, error) {
		u, ok := user.Kind.Named(tx, c.Text(1), 0)
		if !ok {
			return nil, one.Errorf(one.CodeNoExists, "Error getting user Pool.")
		}
		longest := s.Drivers[u.AuthDriver].MaxToken
		if longest < 0 {
			refused = one.Errorf(one.CodeAction, "Login tokens are disabled for driver %s", u.AuthDriver)
			return nil, user.DropTokens(tx, u.ID)
		}
		return user.SetToken(tx, c.Caller, user.Login{UserID: u.ID, Token: c.Text(2), Valid: c.Int(3), EGID: c.Int(4), Max: longest})
	})
	if err == nil {
		err = refused
	}
	return token, err
}

func userQuota(tx *store.Tx, _ *Server, c *call) (int, error) {
	if c.Int(1) == one.OneadminID {
		return -1, one.Errorf(one.CodeAction, "Cannot set quotas for oneadmin user")
	}
	t, err := parseQuota(c.Text(2))
	if err != nil {
		return -1, err
	}
	if _, err := user.Kind.Get(tx, c.Int(1)); err != nil {
		return -1, noReason()
	}
	return c.Int(1), quota.SetLimits(tx, quota.Users, c.Int(1), t, usedBy(func(uid, _ int) bool { return uid == c.Int(1) }))
}

// orMyself reads an ID of which -1 means the caller.
func orMyself(c *call, n, own int) int {
	if c.Int(n) == -1 {
		return own
	}
	return c.Int(n)
}

func mayUserInfo(c *call) ([]acl.Ask, error) {
	return basicOn(c, user.Kind, one.UseNoLock, orMyself(c, 1, c.Caller.UID))
}

func userInfo(_ context.Context, s *Server, c *call) (any, error) {
	row, err := asked(s, c, user.Kind, orMyself(c, 1, c.Caller.UID), 2)
	if err != nil {
		return nil, err
	}
	tokens := c.Caller.IsAdmin() || c.Caller.UID == row.Val.ID
	return text(fresh(c.Snap, row.Val, func(w *render.Writer, r store.Reader, u *user.User) {
		render.User(w, r, u, c.Caller.UID, tokens)
	})), nil
}

var users = pool[user.User]{kind: user.Kind, root: "USER_POOL", form: unkept, write: render.PoolUser}

func userPool(_ context.Context, _ *Server, c *call) (any, error) {
	return users.infoWith(c, everything, func(w *render.Writer) {
		render.DefaultQuotas(w, c.Snap, "DEFAULT_USER_QUOTAS", quota.OfUsers)
	}), nil
}
