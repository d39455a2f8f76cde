package one22

import (
	"context"

	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/user"
	"github.com/renkei-vpe/renkei/xmlrpc/one/render"
)

func userMethods() []method {
	return []method{
		{name: "one.user.allocate", class: "UserAllocate", params: texts("name", "password"), do: userAllocate},
		{name: "one.user.delete", class: "UserDelete", params: ints("id"), do: change(userDelete)},
		{name: "one.user.info", class: "UserInfo", params: ints("id"), do: userInfo},
		{name: "one.user.passwd", class: "UserChangePassword", params: append(ints("id"), texts("password")...), do: userPasswd},
		{name: "one.userpool.info", class: "UserPoolInfo", do: userPool},
	}
}

// userAllocate hashes the secret before the transaction, because hashing is slow.
func userAllocate(ctx context.Context, s *Server, c *call) (any, error) {
	if err := c.isOneadmin("CREATE", "USER", pool); err != nil {
		return nil, err
	}
	name, secret := c.Text(1), c.Text(2)
	if _, taken := user.Kind.Named(c.Snap, name, 0); taken {
		return nil, failed("CREATE", "USER", unnamed, -1, ". Reason: Existing user, cannot duplicate.")
	}
	if err := user.CheckNew(name, user.DriverCore, secret); err != nil {
		return nil, failed("CREATE", "USER", unnamed, 0, because(err))
	}
	secrets, err := user.OldSecrets(secret, s.HashCost)
	if err != nil {
		return nil, err
	}
	id := -1
	err = s.Store.Update(ctx, func(tx *store.Tx) (err error) {
		id, err = user.Allocate(tx, c.Caller, user.New{Name: name, Secret: secrets.Secret, SHA1Secret: secrets.SHA1Secret})
		return err
	})
	if err != nil {
		return nil, failed("CREATE", "USER", unnamed, 0, because(err))
	}
	return id, nil
}

func userDelete(tx *store.Tx, _ *Server, c *call) (any, error) {
	id := c.Int(1)
	if id == one.OneadminID {
		return nil, failed("DELETE", "USER", id, -1, ". Reason: Oneadmin cannot be deleted.")
	}
	if err := c.isOneadmin("DELETE", "USER", id); err != nil {
		return nil, err
	}
	if _, err := knownUser(tx, id); err != nil {
		return nil, err
	}
	if err := user.Delete(tx, id); err != nil {
		return nil, failed("DELETE", "USER", id, -1, because(err))
	}
	return nothing, nil
}

// knownUser returns a user that 2.2 shows: those of servers are not people.
func knownUser(r store.Reader, id int) (*user.User, error) {
	u, ok := user.Kind.Table.Get(r, store.ID(id))
	if !ok || !isPerson(u) {
		return nil, noSuch("USER", id)
	}
	return u, nil
}

func isPerson(u *user.User) bool { return u.AuthDriver != user.DriverServerCipher }

func userPasswd(ctx context.Context, s *Server, c *call) (any, error) {
	if err := c.isOneadmin("MANAGE", "USER", c.Int(1)); err != nil {
		return nil, err
	}
	if _, err := knownUser(c.Snap, c.Int(1)); err != nil {
		return nil, err
	}
	if err := user.CheckPassword(user.DriverCore, c.Text(2)); err != nil {
		return nil, failed("MANAGE", "USER", c.Int(1), -1, because(err))
	}
	secrets, err := user.OldSecrets(c.Text(2), s.HashCost)
	if err != nil {
		return nil, err
	}
	return nothing, s.Store.Update(ctx, func(tx *store.Tx) error { return user.SetSecrets(tx, c.Int(1), secrets) })
}

func userInfo(_ context.Context, _ *Server, c *call) (any, error) {
	if err := c.isOneadmin("INFO", "USER", pool); err != nil {
		return nil, err
	}
	u, err := knownUser(c.Snap, c.Int(1))
	if err != nil {
		return nil, err
	}
	return answer(render.Escaped(func(w *render.Writer) { writeUser(w, c.Snap, u) })), nil
}

func userPool(_ context.Context, _ *Server, c *call) (any, error) {
	if err := c.isOneadmin("INFO", "USER", pool); err != nil {
		return nil, err
	}
	return list(c, user.Kind, "USER_POOL", isPerson, writes(writeUser)), nil
}

// writeUser shows, in place of the password's SHA-1, a text of the same length that changes
// with it. The SHA-1 itself is as good as the password, and is not stored.
func writeUser(w *render.Writer, _ store.Reader, u *user.User) {
	w.Open("USER")
	w.Int("ID", int64(u.ID))
	w.Text("NAME", u.Name)
	w.Text("PASSWORD", user.SHA1Hex(u.Shown()))
	w.Bool("ENABLED", u.Enabled)
	w.Close("USER")
}
