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

// Service checks sessions. A secret is hashed once and then remembered, so that
// the slow hash costs a user once and not with every call.
type Service struct {
	store    *store.Store
	settings Settings
	hashing  chan struct{} // bounds how many hashes are worked on at once
	asking   chan struct{} // and how many drivers are asked
	known    *memory
	knownOld *memory       // sessions of OpenNebula 2.2's form
	decoy    func() string // a hash that nobody's password has
}

// Settings say how sessions are checked.
type Settings struct {
	Cost             int           // of slow hashes: bcrypt's logarithm
	Expiration       time.Duration // how long a checked secret is remembered
	Umask            int           // octal; what new objects do not get
	OtherPermissions bool          // whether users may open objects to everybody
	Clock            func() time.Time

	Drivers       Drivers // how their users are treated
	DefaultDriver string  // is asked for users whom nobody knows; "" is none
	Asker         Asker   // nil: there are no drivers but those built in
	Asking        int     // drivers that are asked at once, at least 1
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

// refused is all that a caller learns of a session that is not let in.
func refused() error {
	return one.Errorf(one.CodeAuthentication, "User couldn't be authenticated, aborting call.")
}

// Authenticate answers who a session string names; the caller is the asker's to
// change, but for the list of groups. Whatever is refused takes the time of one
// slow hash, so that a refusal does not tell which users there are.
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

// check proves a session that is not known, and remembers it.
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

// byToken proves a session by what needs no slow hash: a login token, which any
// user may have, or the token of a server.
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

// withToken bounds a session by its login token.
func (s *Service) withToken(r store.Reader, u *User, t LoginToken, now time.Time) (identity, bool) {
	who := s.identify(u, now)
	if t.Expires >= 0 {
		if now.Unix() >= t.Expires {
			return identity{}, false
		}
		who = who.until(t.Expires)
	}
	return who.within(r, t.EGID)
}

// asServer lets a server act for another user.
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
	who := s.identify(target, now).until(expires)
	who.server = server
	return who.within(r, ses.egid)
}

// byPassword compares slowly, with few others at once: guessing many passwords
// must not take the machine from those who work. Where there is no password to
// compare with, no other driver being there to ask, it takes as long.
func (s *Service) byPassword(ctx context.Context, text string, ses session, now time.Time) (identity, bool) {
	if !s.takeTurn(ctx) {
		return identity{}, false
	}
	defer func() { <-s.hashing }()
	if who, ok := s.known.find(s.store.Read(), text, now); ok { // proved while this one waited
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
