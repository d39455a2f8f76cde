package user

import (
	"context"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Service checks sessions. A secret is hashed once and then remembered, so that
// the slow hash costs a user once and not with every call.
type Service struct {
	store    *store.Store
	settings Settings
	hashing  chan struct{} // bounds how many hashes are worked on at once
	known    memory
	decoy    func() string // a hash that nobody's password has
}

// Settings say how sessions are checked.
type Settings struct {
	Cost             int           // of slow hashes: bcrypt's logarithm
	Expiration       time.Duration // how long a checked secret is remembered
	Umask            int           // octal; what new objects do not get
	OtherPermissions bool          // whether users may open objects to everybody
	Clock            func() time.Time
}

// NewService makes a Service.
func NewService(st *store.Store, s Settings) *Service {
	return &Service{
		store: st, settings: s,
		hashing: make(chan struct{}, max(1, runtime.GOMAXPROCS(0)/2)),
		known:   newMemory(),
		decoy: sync.OnceValue(func() string {
			hash, _ := slowHash(randomHex(), s.Cost)
			return hash
		}),
	}
}

// refused is all that a caller learns of a session that is not let in.
func refused() error {
	return one.Errorf(one.CodeAuthentication, "User couldn't be authenticated, aborting call.")
}

// Authenticate answers who a session string names. It takes as long to refuse
// a user that does not exist as one whose password is wrong.
func (s *Service) Authenticate(ctx context.Context, text string) (*one.Caller, error) {
	snap, now := s.store.Read(), s.settings.Clock()
	if who, ok := s.known.find(snap, text, now); ok {
		return s.caller(who), nil
	}
	ses, ok := parse(text)
	if !ok {
		return nil, refused()
	}
	u, ok := Kind.Named(snap, ses.name, 0)
	if !ok || !u.Enabled {
		s.hash(ctx, s.decoy(), ses.secret)
		return nil, refused()
	}
	who, ok := s.check(ctx, snap, u, ses, now)
	if !ok {
		return nil, refused()
	}
	s.known.keep(text, who)
	return s.caller(who), nil
}

// identity is a checked session.
type identity struct {
	user    *User // as it was when it was checked
	egid    int
	expires time.Time
}

// check proves a session by the means of its user.
func (s *Service) check(ctx context.Context, r store.Reader, u *User, ses session, now time.Time) (identity, bool) {
	who := identity{user: u, egid: -1, expires: now.Add(s.settings.Expiration)}
	for _, t := range u.Tokens {
		if equal(t.Token, ses.secret) {
			return withToken(who, t, now)
		}
	}
	switch u.AuthDriver {
	case DriverCore:
		return who, s.hash(ctx, u.Secret, ses.secret)
	case DriverServerCipher:
		return s.checkServer(r, u, ses, who, now)
	}
	return who, false // no other driver is there to ask
}

// withToken bounds a session by its login token.
func withToken(who identity, t LoginToken, now time.Time) (identity, bool) {
	who.egid = t.EGID
	if t.Expires < 0 {
		return who, true
	}
	end := time.Unix(t.Expires, 0)
	if end.Before(who.expires) {
		who.expires = end
	}
	return who, now.Before(end)
}

// checkServer lets a server act for another user.
func (s *Service) checkServer(r store.Reader, server *User, ses session, who identity, now time.Time) (identity, bool) {
	ses, ok := ses.asServer()
	if !ok || !ses.openServer(server.Secret, now) {
		return who, false
	}
	target, ok := Kind.Named(r, ses.target, 0)
	if !ok || !target.Enabled || ses.egid >= 0 && !slices.Contains(target.Groups, ses.egid) {
		return who, false
	}
	who.user, who.egid = target, ses.egid
	return who, true
}

// hash compares slowly, with few others at once: guessing many passwords must
// not take the machine from those who work.
func (s *Service) hash(ctx context.Context, hash, password string) bool {
	select {
	case s.hashing <- struct{}{}:
		defer func() { <-s.hashing }()
		return matches(hash, password)
	case <-ctx.Done():
		return false
	}
}

// caller is the user as rules see him.
func (s *Service) caller(who identity) *one.Caller {
	u := who.user
	c := &one.Caller{UID: u.ID, GID: u.GID, Groups: u.Groups, UName: u.Name, GName: u.GName, Umask: s.umask(u)}
	if who.egid >= 0 {
		c.GID, c.Groups = who.egid, []int{who.egid}
		if g, ok := groupName(s.store.Read(), who.egid); ok {
			c.GName = g
		}
	}
	return c
}

// umask is the user's own, or the one of the settings.
func (s *Service) umask(u *User) int {
	mask := s.settings.Umask
	if own, err := strconv.ParseInt(u.Template.Get("UMASK"), 8, 32); err == nil {
		mask = int(own) & 0o777
	}
	if !s.settings.OtherPermissions && u.ID != one.OneadminID {
		mask |= 0o007
	}
	return mask
}
