package user

import (
	"context"
	"runtime"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Service authenticates sessions. Sessions are cached, so that the slow hash does not slow down
// every call.
type Service struct {
	store    *store.Store
	settings Settings
	hashing  chan struct{} // limits how many hashes are computed at the same time
	asking   chan struct{} // limits how many external drivers run at the same time
	known    *memory
	knownOld *memory       // sessions of the form of OpenNebula 2.2
	decoy    func() string // a hash that no password has
}

// Settings are the settings of authentication.
type Settings struct {
	Cost             int           // bcrypt's cost, a logarithm
	Expiration       time.Duration // how long sessions are cached
	Umask            int           // octal; permissions that new objects do not get
	OtherPermissions bool          // whether users may set permissions for others
	Clock            func() time.Time

	Drivers       Drivers // properties of the drivers
	DefaultDriver string  // authenticates unknown users; "" for none
	Asker         Asker   // nil if there are only the built-in drivers
	Asking        int     // external drivers that run at the same time, at least 1
	Log           zerolog.Logger
}

// NewService makes a Service.
func NewService(st *store.Store, s Settings) *Service {
	return &Service{
		store: st, settings: s,
		asking:   make(chan struct{}, max(1, s.Asking)),
		hashing:  make(chan struct{}, max(1, runtime.GOMAXPROCS(0)/2)),
		known:    newMemory(),
		knownOld: newMemory(),
		decoy: sync.OnceValue(func() string {
			hash, _ := slowHash(randomHex(), s.Cost)
			return hash
		}),
	}
}

// refused is the error for all failed authentications; callers learn no reason.
func refused() error {
	return one.Errorf(one.CodeAuthentication, "User couldn't be authenticated, aborting call.")
}

// Authenticate returns the caller that a session string identifies. It may be changed, except
// for its list of groups. Every refusal takes as long as one slow hash, so that it does not
// reveal whether a user exists.
func (s *Service) Authenticate(ctx context.Context, text string) (*one.Caller, error) {
	now := s.settings.Clock()
	who, ok := s.known.find(s.store.Read(), text, now)
	if !ok {
		if who, ok = s.check(ctx, text, now); !ok {
			return nil, refused()
		}
	}
	return who.newCaller(), nil
}

func (i *identity) newCaller() *one.Caller {
	c := i.caller
	return &c
}

// check authenticates a session that is not cached, and caches it.
func (s *Service) check(ctx context.Context, text string, now time.Time) (identity, bool) {
	ses, ok := parse(text)
	if !ok {
		return identity{}, false
	}
	who, ok := s.byToken(ses, now)
	if ok {
		s.known.keep(text, who)
		return who, true
	}
	if who, in, asked := s.byDriver(ctx, text, ses, now); asked {
		return who, in
	}
	return s.byPassword(ctx, text, ses, now)
}

// byToken authenticates a session that needs no slow hash: by a login token of any user, or the
// token of a server user.
func (s *Service) byToken(ses session, now time.Time) (identity, bool) {
	r := s.store.Read()
	u, ok := Kind.Named(r, ses.name, 0)
	if !ok || !u.Enabled {
		return identity{}, false
	}
	for _, t := range u.Tokens {
		if equal(t.Token, ses.secret) {
			return s.withToken(r, u, t, now)
		}
	}
	if u.AuthDriver == DriverServerCipher {
		return s.asServer(r, u, ses, now)
	}
	return identity{}, false
}

// withToken limits a session to the validity and the group of its login token.
func (s *Service) withToken(r store.Reader, u *User, t LoginToken, now time.Time) (identity, bool) {
	who := s.identify(u, now)
	if t.Expires >= 0 {
		if now.Unix() >= t.Expires {
			return identity{}, false
		}
		who = who.expiringAt(t.Expires)
	}
	return who.inGroup(r, t.EGID)
}

// asServer makes a server user act for another user.
func (s *Service) asServer(r store.Reader, server *User, ses session, now time.Time) (identity, bool) {
	ses, ok := ses.asServer()
	if !ok {
		return identity{}, false
	}
	expires, ok := ses.openServer(server.Secret)
	target, there := Kind.Named(r, ses.target, 0)
	if !ok || now.Unix() >= expires || !there || !target.Enabled {
		return identity{}, false
	}
	who := s.identify(target, now).expiringAt(expires)
	who.server = server
	return who.inGroup(r, ses.egid)
}

// byPassword compares slowly, and few at the same time, so that guessing passwords does not use
// up the CPUs. If there is neither a password nor another driver, it takes the same time.
func (s *Service) byPassword(ctx context.Context, text string, ses session, now time.Time) (identity, bool) {
	if !s.takeTurn(ctx) {
		return identity{}, false
	}
	defer func() { <-s.hashing }()
	if who, ok := s.known.find(s.store.Read(), text, now); ok { // another call has authenticated it meanwhile
		return who, true
	}
	u, ok := Kind.Named(s.store.Read(), ses.name, 0)
	ok = ok && u.Enabled && u.AuthDriver == DriverCore
	hash, secret := s.decoy(), ses.secret
	if ok {
		hash, secret = u.proof(secret)
	}
	if !matches(hash, secret) || !ok {
		return identity{}, false
	}
	who := s.identify(u, now)
	who.byPass = true
	s.known.keep(text, who)
	return who, true
}
