package user

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"

	"golang.org/x/crypto/bcrypt"

	"github.com/renkei-vpe/renkei/pkg/one"
)

// The authentication drivers that are built in.
const (
	DriverCore         = "core"
	DriverPublic       = "public" // nobody logs in with it by himself; servers act for such users
	DriverServerCipher = "server_cipher"
)

// Secret is what is kept of a password: for core a slow hash; for a server's
// user the key that its sessions are encrypted with; for other drivers what
// they were given, which lets nobody in here.
func Secret(driver, password string, cost int) (string, error) {
	switch driver {
	case DriverCore, "":
		return slowHash(password, cost)
	case DriverServerCipher:
		return keyOf(password), nil
	}
	return password, nil
}

// slowHash hashes a password. bcrypt looks at 72 bytes only, so that it is
// given a digest, which is shorter than that and has no NUL bytes.
func slowHash(password string, cost int) (string, error) {
	hash, err := bcrypt.GenerateFromPassword(digest(password), cost)
	return string(hash), err
}

// matches tells whether a password is the one of a slow hash.
func matches(hash, password string) bool {
	return bcrypt.CompareHashAndPassword([]byte(hash), digest(password)) == nil
}

func digest(password string) []byte {
	sum := sha256.Sum256([]byte(password))
	return base64.RawStdEncoding.AppendEncode(nil, sum[:])
}

// keyOf is what OpenNebula makes of the password of a server's user: the hex
// form of its SHA-256.
func keyOf(password string) string {
	sum := sha256.Sum256([]byte(password))
	return hex.EncodeToString(sum[:])
}

// Shown is what USER/PASSWORD shows: it changes when the password does, as
// clients expect, and helps nobody to find it.
func (u *User) Shown() string {
	if u.AuthDriver != DriverCore && u.AuthDriver != DriverServerCipher {
		return u.Secret
	}
	return keyOf("shown " + u.Secret)
}

// randomHex answers 64 random hex digits: a token, a first password.
func randomHex() string {
	var b [32]byte
	rand.Read(b[:]) // never fails: the runtime ends the program instead
	return hex.EncodeToString(b[:])
}

// checkPassword refuses what could not be sent in a session string.
func checkPassword(password string, code one.Code) error {
	if password == "" {
		return one.Errorf(code, "Invalid password, it cannot be empty")
	}
	for _, c := range []byte(password) {
		if c == ' ' || c >= '\t' && c <= '\r' {
			return one.Errorf(code, "Invalid password, char '%c' is not allowed", c)
		}
	}
	return nil
}
