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

// Secret is what is stored for a password: for core, a slow hash; for a server user, the key of
// its sessions, which oned's clients may also pass as the password; for external drivers, the
// password itself, which the program gets.
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

// ServerKey is the key that follows from a server user's password.
func ServerKey(password string) string { return hexSum(password) }

// isKey reports whether text has the form of ServerKey's result.
func isKey(text string) bool {
	return len(text) == 64 && strings.Trim(text, "0123456789abcdefABCDEF") == ""
}

// slowHash hashes a password. bcrypt only uses the first 72 bytes, so it gets a digest, which
// is shorter and has no NUL bytes.
func slowHash(password string, cost int) (string, error) {
	hash, err := bcrypt.GenerateFromPassword(digest(password), cost)
	return string(hash), err
}

// matches reports whether a slow hash is that of a password.
func matches(hash, password string) bool {
	return bcrypt.CompareHashAndPassword([]byte(hash), digest(password)) == nil
}

func digest(password string) []byte {
	sum := sha256.Sum256([]byte(password))
	return base64.RawStdEncoding.AppendEncode(nil, sum[:])
}

// hexSum is the SHA-256 in hex.
func hexSum(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// Shown is what is shown as USER/PASSWORD. Clients expect it to change with the password, but
// it must not help to guess the password. For external drivers it is not secret, unless a hash
// is left from the driver core. For users that OpenNebula 2.2's tools made, only the hash of
// the SHA-1 is known.
func (u *User) Shown() string {
	_, err := bcrypt.Cost([]byte(u.Secret))
	if u.AuthDriver == DriverCore || u.AuthDriver == DriverServerCipher || err == nil {
		return hexSum("shown " + cmp.Or(u.Secret, u.SHA1Secret))
	}
	return u.Secret
}

// ShownTo is Shown for the user with an ID. A server that asks about itself is shown its key:
// Sunstone encrypts with it what it sends for the users whom it let in. It has the key of its
// password already; nobody else needs it.
func (u *User) ShownTo(uid int) string {
	if u.AuthDriver == DriverServerCipher && u.ID == uid && isKey(u.Secret) {
		return u.Secret
	}
	return u.Shown()
}

// randomHex returns 64 random hex digits, for tokens and initial passwords.
func randomHex() string {
	var b [32]byte
	rand.Read(b[:]) // never fails: the runtime would end the program
	return hex.EncodeToString(b[:])
}

// CheckPassword refuses a password that cannot be part of a session string, or that is too long
// for the driver.
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

// SecretOfSum is Secret for a password of which only the SHA-256 in hex is known, as OpenNebula
// stores it.
func SecretOfSum(sum string, cost int) (string, error) {
	b, err := hex.DecodeString(sum)
	if err != nil || len(b) != sha256.Size {
		return "", one.Errorf(one.CodeAction, "it is no SHA-256")
	}
	hash, err := bcrypt.GenerateFromPassword(base64.RawStdEncoding.AppendEncode(nil, b), cost)
	return string(hash), err
}
