package user

import (
	"slices"
	"strconv"
	"time"

	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// identity is a checked session: who calls, and what proved it.
type identity struct {
	caller   one.Caller
	user     *User // as he was
	server   *User // who acts for him, as it was; nil when he came himself
	byPass   bool  // proved by the password of the user himself
	expires  time.Time
	settings *Settings
}

// identify makes the identity of a user who proves himself now.
func (s *Service) identify(u *User, now time.Time) identity {
	return identity{caller: s.settings.caller(u), user: u, expires: now.Add(s.settings.Expiration), settings: &s.settings}
}

// still answers the identity as it is now: what the user may have become since
// does not matter where his password is what it was. It ends with its time, with
// the user, and with what else proved it.
func (i identity) still(r store.Reader, now time.Time) (identity, bool) {
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

// until bounds an identity by the end of what proved it.
func (i identity) until(seconds int64) identity {
	if end := time.Unix(seconds, 0); end.Before(i.expires) {
		i.expires = end
	}
	return i
}

// within binds an identity to one of the user's groups; -1 leaves him all.
func (i identity) within(r store.Reader, gid int) (identity, bool) {
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

// caller is the user as rules see him.
func (s *Settings) caller(u *User) one.Caller {
	return one.Caller{UID: u.ID, GID: u.GID, Groups: u.Groups, UName: u.Name, GName: u.GName, Umask: s.umask(u)}
}

// umask is the user's own, or the one of the settings.
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
