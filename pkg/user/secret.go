package user

import (
	"cmp"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"

	"golang.org/x/crypto/bcrypt"

	"github.com/renkei-vpe/renkei/pkg/one"
)

// Secret is what is kept of a password: for core a slow hash; for a server's
// user the key of its sessions, which clients send in place of the password, as
// they do to oned; for other drivers what they were given, which their program is told.
func Secret(driver, password string, cost int) (string, error) {
	switch driver {
	case DriverCore:
		return slowHash(password, cost)
	case DriverServerCipher:
		if !isKey(password) {
			return "", one.Errorf(one.CodeAction, "Invalid password for driver server_cipher: "+
				"it has to be the SHA-256 of the server's password, 64 hex digits")
		}
	}
	return password, nil
}

// ServerKey is the key that a server's user has of its password.
func ServerKey(password string) string { return hexSum(password) }

// isKey tells whether text is what ServerKey makes.
func isKey(text string) bool {
	return len(text) == 64 && strings.Trim(text, "0123456789abcdefABCDEF") == ""
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

// hexSum is the hex form of a SHA-256.
func hexSum(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// Shown is what USER/PASSWORD shows: it changes when the password does, as
// clients expect, and helps nobody to find it. What users of other drivers have
// is no secret, but for a hash that is left from core. Of users whom tools of
// OpenNebula 2.2's time made there is no other hash than that of the SHA-1.
func (u *User) Shown() string {
	_, err := bcrypt.Cost([]byte(u.Secret))
	if u.AuthDriver == DriverCore || u.AuthDriver == DriverServerCipher || err == nil {
		return hexSum("shown " + cmp.Or(u.Secret, u.SHA1Secret))
	}
	return u.Secret
}

// randomHex answers 64 random hex digits: a token, a first password.
func randomHex() string {
	var b [32]byte
	rand.Read(b[:]) // never fails: the runtime ends the program instead
	return hex.EncodeToString(b[:])
}

// CheckPassword refuses a password that no session could carry or that is too
// long for the driver, in oned's words.
func CheckPassword(driver, password string) error {
	if password == "" {
		return one.Errorf(one.CodeAction, "Invalid password, it cannot be empty")
	}
	if limit := maxPassword[driver]; limit > 0 && len(password) > limit {
		return one.Errorf(one.CodeAction, "Password is longer than max allowed length. "+
			"Max allowed length for the driver %s : %d bytes", driver, limit)
	}
	if i := strings.IndexAny(password, " \t\n\v\f\r"); i >= 0 {
		return one.Errorf(one.CodeAction, "Invalid password, character '%c' is not allowed", password[i])
	}
	return nil
}

// SecretOfSum is what Secret keeps of a password of which only the SHA-256 is known, in
// hex, as OpenNebula has it.
func SecretOfSum(sum string, cost int) (string, error) {
	b, err := hex.DecodeString(sum)
	if err != nil || len(b) != sha256.Size {
		return "", one.Errorf(one.CodeAction, "it is no SHA-256")
	}
	hash, err := bcrypt.GenerateFromPassword(base64.RawStdEncoding.AppendEncode(nil, b), cost)
	return string(hash), err
}
