package user

import (
	"slices"
	"strconv"
	"time"

	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// identity is an authenticated session: who calls, and what it depends on.
type identity struct {
	caller   one.Caller
	user     *User // the row at that time
	server   *User // the server user that acts for the user, or nil
	byPass   bool  // authenticated by the user's own password
	expires  time.Time
	settings *Settings
}

// identify makes the identity of a user who has just been authenticated.
func (s *Service) identify(u *User, now time.Time) identity {
	return identity{caller: s.settings.caller(u), user: u, expires: now.Add(s.settings.Expiration), settings: &s.settings}
}

// revalidate returns the identity for the current state of the store, unless it is no longer valid.
// If it was authenticated by the user's password, changes of the user do not matter as long as
// the password is the same. Otherwise, any change of the user ends it. A change of the server
// user always does.
func (i identity) revalidate(r store.Reader, now time.Time) (identity, bool) {
	if !now.Before(i.expires) || i.server != nil && !i.server.unchanged(r) {
		return i, false
	}
	u, ok := Kind.Table.Get(r, store.ID(i.user.ID))
	switch {
	case !ok:
		return i, false
	case u == i.user:
		return i, true
	case !i.byPass || !u.Enabled || u.AuthDriver != i.user.AuthDriver || u.Secret != i.user.Secret || u.SHA1Secret != i.user.SHA1Secret:
		return i, false
	}
	i.user, i.caller = u, i.settings.caller(u)
	return i, true
}

func (u *User) unchanged(r store.Reader) bool {
	now, ok := Kind.Table.Get(r, store.ID(u.ID))
	return ok && now == u
}

// expiringAt limits the validity of an identity.
func (i identity) expiringAt(seconds int64) identity {
	if end := time.Unix(seconds, 0); end.Before(i.expires) {
		i.expires = end
	}
	return i
}

// inGroup restricts an identity to one of the user's groups; -1 means all.
func (i identity) inGroup(r store.Reader, gid int) (identity, bool) {
	if gid == -1 {
		return i, true
	}
	name, ok := groupName(r, gid)
	if !ok || !slices.Contains(i.user.Groups, gid) {
		return i, false
	}
	i.caller.GID, i.caller.GName, i.caller.Groups = gid, name, []int{gid}
	return i, true
}

// caller is the user as the rules see him.
func (s *Settings) caller(u *User) one.Caller {
	return one.Caller{UID: u.ID, GID: u.GID, Groups: u.Groups, UName: u.Name, GName: u.GName, Umask: s.umask(u)}
}

// umask is the user's umask, or the default.
func (s *Settings) umask(u *User) int {
	mask := s.Umask
	if own, err := strconv.ParseUint(u.Template.Get("UMASK"), 8, 32); err == nil {
		mask = int(own) & 0o777
	}
	if !s.OtherPermissions && u.ID != one.OneadminID {
		mask |= 0o007
	}
	return mask
}
