package rvpe

import (
	"context"
	"regexp"
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/rvpe"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/user"
)

func userMethods() []method {
	return []method{
		{name: "rvpe.user.pool", help: "Retrieve information about user group", admin: true, do: look(userPool)},
		{name: "rvpe.user.ask_id", signature: "string", help: "Retrieve id of the given-named user", do: look(userAskID)},
		{name: "rvpe.user.info", signature: "int", help: "Retrieve information about the user", do: look(userInfo)},
		{name: "rvpe.user.allocate", signature: "string string", help: "Allocates a new user", admin: true, do: userAllocate},
		{name: "rvpe.user.delete", signature: "int", help: "Deletes a user from the user pool", admin: true, do: quietly(userDelete)},
		{name: "rvpe.user.enable", signature: "int bool", help: "Enables or disables a user", admin: true, do: change(userEnable)},
		{name: "rvpe.user.passwd", signature: "int string", help: "Changes password for the given user", admin: true, do: userPasswd},
		{
			name: "rvpe.user.enable_zone", signature: "int bool int int", admin: true, do: change(userEnableZone),
			help: "Enables or disables a user to use a zone",
		},
	}
}

func userPool(_ *Server, c *call) (any, error) {
	return document(func(w *writer) {
		list(w, "USER_POOL", rvpe.Members(c.Snap), func(w *writer, m *rvpe.Member) { writeUser(w, c, m) })
	}), nil
}

func userAskID(_ *Server, c *call) (any, error) {
	m, ok := rvpe.MemberNamed(c.Snap, c.Text(1))
	if !ok {
		return nil, refuse("User[%s] is not found.", c.Text(1))
	}
	return m.ID, nil
}

func userInfo(_ *Server, c *call) (any, error) {
	m, ok := rvpe.MemberOf(c.Snap, c.Int(1))
	switch {
	case !ok:
		return nil, refuse("User[%s] is not found.", c.Text(1))
	case c.Member.ID != rvpe.AdminID && c.Member.ID != m.ID:
		return nil, refuse("You don't have permission to see info. of User[%s].", m.Name(c.Snap))
	}
	return document(func(w *writer) { writeUser(w, c, m) }), nil
}

// writeUser writes a member. Only the administrator sees anything in PASSWORD.
func writeUser(w *writer, c *call, m *rvpe.Member) {
	var ids, names, limits, uses []string
	for _, g := range m.Grants {
		z, ok := rvpe.ZoneOf(c.Snap, g.Zone)
		if !ok {
			continue
		}
		ids, names = append(ids, strconv.Itoa(g.Zone)), append(names, z.Name(c.Snap))
		limits, uses = append(limits, strconv.Itoa(g.Limit)), append(uses, strconv.Itoa(m.Use(c.Snap, g.Zone)))
	}
	u, _ := m.User(c.Snap)
	w.Open("USER")
	w.Int("ID", int64(m.ID))
	w.Text("NAME", u.Name)
	password := ""
	if c.isAdmin() {
		password = u.Shown()
	}
	w.Text("PASSWORD", password)
	w.Bool("ENABLED", !m.Disabled)
	w.Text("ZONE_IDS", strings.Join(ids, ";"))
	w.Text("ZONE_NAMES", strings.Join(names, ";"))
	w.Text("ZONE_LIMITS", strings.Join(limits, ";"))
	w.Text("ZONE_USES", strings.Join(uses, ";"))
	w.Close("USER")
}

// userAllocate creates a user whose secret is the SHA-1 that the caller sends. It is hashed
// before the transaction, because hashing is slow.
func userAllocate(ctx context.Context, s *Server, c *call) (any, error) {
	if err := rvpe.CheckNewMember(c.Snap, c.Text(1)); err != nil {
		return nil, err
	}
	if err := user.CheckNew(c.Text(1), user.DriverCore, c.Text(2)); err != nil {
		return nil, err
	}
	secrets, err := user.OldSecrets(c.Text(2), s.HashCost)
	if err != nil {
		return nil, err
	}
	return change(func(tx *store.Tx, _ *Server, c *call) (any, error) {
		return rvpe.AllocateMember(tx, c.Caller, user.New{Name: c.Text(1), Secret: secrets.Secret, SHA1Secret: secrets.SHA1Secret, Groups: []int{one.UsersGroupID}})
	})(ctx, s, c)
}

func userDelete(tx *store.Tx, _ *Server, c *call) error {
	return rvpe.DeleteMember(tx, c.Int(1))
}

func userEnable(tx *store.Tx, _ *Server, c *call) (any, error) {
	return c.Int(1), rvpe.EnableMember(tx, c.Int(1), c.Bool(2))
}

func userPasswd(ctx context.Context, s *Server, c *call) (any, error) {
	m, ok := rvpe.MemberOf(c.Snap, c.Int(1))
	if !ok {
		return nil, refuse("User[%s] does not exist.", c.Text(1))
	}
	if err := user.CheckPassword(user.DriverCore, c.Text(2)); err != nil {
		return nil, err
	}
	secrets, err := user.OldSecrets(c.Text(2), s.HashCost)
	if err != nil {
		return nil, err
	}
	return change(func(tx *store.Tx, _ *Server, _ *call) (any, error) {
		return handedThrough, user.SetSecrets(tx, m.UID, secrets)
	})(ctx, s, c)
}

// wholeNumber is a limit that was sent as text.
var wholeNumber = regexp.MustCompile(`^-?[0-9]+$`)

func userEnableZone(tx *store.Tx, s *Server, c *call) (any, error) {
	if c.Bool(2) {
		return enableZone(tx, s, c)
	}
	return nothing, rvpe.Disallow(tx, c.Int(1), c.Int(3))
}

func enableZone(tx *store.Tx, s *Server, c *call) (any, error) {
	limit := c.Int(4)
	_, isText := c.args[3].(string)
	if limit == notAnID || isText && !wholeNumber.MatchString(c.Text(4)) {
		return nil, refuse("limit attribute must be an integer: Can't specify '%s'", c.Text(4))
	}
	return rvpe.Allow(tx, s.Rules, c.Int(1), c.Int(3), limit)
}
