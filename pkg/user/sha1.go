package user

import (
	"context"
	"crypto/sha1"
	"encoding/hex"
	"strings"
	"time"

	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// SHA1Hex is what OpenNebula 2.2's tools send instead of the password.
func SHA1Hex(password string) string {
	sum := sha1.Sum([]byte(password))
	return hex.EncodeToString(sum[:])
}

// IsSHA1Hex reports whether a secret has the form of SHA1Hex's result.
func IsSHA1Hex(secret string) bool {
	return len(secret) == 2*sha1.Size && strings.Trim(secret, "0123456789abcdefABCDEF") == ""
}

// Secrets are the hashes that are stored for a password.
type Secrets struct {
	Secret     string // see Secret; "" if only the SHA-1 is known
	SHA1Secret string
}

// OldSecrets are the hashes for a secret that a tool of OpenNebula 2.2 sets: the SHA-1 of a
// password, or a password.
func OldSecrets(secret string, cost int) (s Secrets, err error) {
	if IsSHA1Hex(secret) {
		s.SHA1Secret, err = slowHash(strings.ToLower(secret), cost)
		return s, err
	}
	return BothSecrets(secret, cost)
}

// BothSecrets are the hashes for a password that both old and new tools use.
func BothSecrets(password string, cost int) (s Secrets, err error) {
	if s.Secret, err = slowHash(password, cost); err != nil {
		return s, err
	}
	s.SHA1Secret, err = slowHash(SHA1Hex(password), cost)
	return s, err
}

// SetSecrets changes the password, and deletes the login tokens.
func SetSecrets(tx *store.Tx, id int, s Secrets) error {
	u, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	u.AuthDriver, u.Secret, u.SHA1Secret, u.Tokens = DriverCore, s.Secret, s.SHA1Secret, nil
	Kind.Put(tx, u)
	return nil
}

// proof returns the hash that a password must match, and the form of the password that was
// hashed: for some users, only the hash of the SHA-1 is known.
func (u *User) proof(password string) (hash, secret string) {
	if u.Secret == "" && u.SHA1Secret != "" {
		return u.SHA1Secret, SHA1Hex(password)
	}
	return u.Secret, password
}

// oldProof is proof for sessions of the form of OpenNebula 2.2.
func (u *User) oldProof(secret string) (hash, proof string) {
	if IsSHA1Hex(secret) {
		return u.SHA1Secret, strings.ToLower(secret)
	}
	return u.proof(secret)
}

// AuthenticateOld returns the caller that a session of the form of OpenNebula 2.2 identifies.
// The secret is the SHA-1 of the password, or the password. Because the SHA-1 can be used like
// the password, it is only accepted for users who have used this form before with their
// password, or who were made by a tool of 2.2.
func (s *Service) AuthenticateOld(ctx context.Context, text string) (*one.Caller, error) {
	now := s.settings.Clock()
	who, ok := s.knownOld.find(s.store.Read(), text, now)
	if !ok {
		if who, ok = s.checkOld(ctx, text, now); !ok {
			return nil, refused()
		}
	}
	return who.newCaller(), nil
}

// checkOld authenticates a session that is not cached, and caches it. Like byPassword, it
// always compares slowly.
func (s *Service) checkOld(ctx context.Context, text string, now time.Time) (identity, bool) {
	ses, ok := parse(text)
	if !ok || !s.takeTurn(ctx) {
		return identity{}, false
	}
	defer func() { <-s.hashing }()
	u, ok := Kind.Named(s.store.Read(), ses.name, 0)
	hash, proof := s.decoy(), ses.secret
	if ok = ok && u.Enabled && u.AuthDriver == DriverCore; ok {
		hash, proof = u.oldProof(ses.secret)
	}
	if hash == "" {
		hash, ok = s.decoy(), false
	}
	if !matches(hash, proof) || !ok {
		return identity{}, false
	}
	if u.SHA1Secret == "" {
		u = s.adopt(ctx, u, ses.secret)
	}
	who := s.identify(u, now)
	who.byPass = true
	s.knownOld.keep(text, who)
	return who, true
}

// takeTurn waits until a hash may be computed.
func (s *Service) takeTurn(ctx context.Context) bool {
	select {
	case s.hashing <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

// adopt stores the hash of the SHA-1 of a password, so that it is accepted from now on. If that
// fails, the next session with the password tries it again.
func (s *Service) adopt(ctx context.Context, u *User, password string) *User {
	hash, err := slowHash(SHA1Hex(password), s.settings.Cost)
	if err != nil {
		return u
	}
	now := u
	err = s.store.Update(ctx, func(tx *store.Tx) error {
		edited, err := Kind.Edit(tx, u.ID)
		if err != nil || edited.Secret != u.Secret {
			return err
		}
		edited.SHA1Secret = hash
		Kind.Put(tx, edited)
		now = edited
		return nil
	})
	if err != nil {
		return u
	}
	return now
}
