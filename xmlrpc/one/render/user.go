package render

import (
	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/user"
)

// Nobody is the ID of no user, for what is written for everybody.
const Nobody = -1

// User writes a user with his quotas and the default ones, as one.user.info does for the
// user with an ID. Login tokens are for the user himself and for administrators only.
func User(w *Writer, r store.Reader, u *user.User, asks int, tokens bool) {
	w.Open("USER")
	w.userBody(u, u.ShownTo(asks), tokens)
	Quotas(w, r, quota.Users, store.ID(u.ID))
	DefaultQuotas(w, r, "DEFAULT_USER_QUOTAS", quota.OfUsers)
	w.Close("USER")
}

// PoolUser writes a user as the pool shows him, with his quotas beside him.
func PoolUser(w *Writer, r store.Reader, u *user.User) {
	w.Open("USER")
	w.userBody(u, u.Shown(), false)
	w.Close("USER")
	w.Open("QUOTAS")
	w.Int("ID", int64(u.ID))
	Quotas(w, r, quota.Users, store.ID(u.ID))
	w.Close("QUOTAS")
}

func (w *Writer) userBody(u *user.User, password string, tokens bool) {
	w.Int("ID", int64(u.ID))
	w.Int("GID", int64(u.GID))
	w.IDs("GROUPS", u.Groups)
	w.Text("GNAME", u.GName)
	w.Text("NAME", u.Name)
	w.CDATA("PASSWORD", password)
	w.CDATA("AUTH_DRIVER", u.AuthDriver)
	w.Bool("ENABLED", u.Enabled)
	if tokens {
		for _, t := range u.Tokens {
			w.Open("LOGIN_TOKEN")
			w.Text("TOKEN", t.Token)
			w.Int("EXPIRATION_TIME", t.Expires)
			w.Int("EGID", int64(t.EGID))
			w.Close("LOGIN_TOKEN")
		}
	}
	w.Template("TEMPLATE", u.Template)
}
