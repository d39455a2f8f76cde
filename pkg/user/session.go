package user

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/subtle"
	"encoding/base64"
	"strconv"
	"strings"
	"time"
)

// session is a session string taken apart: "user:secret", or
// "server:user:secret" and "server:user:group:secret" of a server that acts for
// a user.
type session struct {
	name   string // who presents the secret
	target string // for whom, "" for himself
	egid   int    // the one group to act in, -1 all
	secret string
}

// parse takes a session string apart. A token may hold colons only where a
// server's user presents it, so the name tells which form it is.
func parse(text string) (s session, ok bool) {
	name, rest, ok := strings.Cut(text, ":")
	return session{name: name, egid: -1, secret: rest}, ok && name != "" && rest != ""
}

// asServer reads the rest of the session of a server's user.
func (s session) asServer() (session, bool) {
	parts := strings.SplitN(s.secret, ":", 3)
	switch len(parts) {
	case 2:
		s.target, s.secret = parts[0], parts[1]
		return s, true
	case 3:
		egid, err := strconv.Atoi(parts[1])
		s.target, s.egid, s.secret = parts[0], egid, parts[2]
		return s, err == nil
	}
	return s, false
}

// openServer decrypts the token of a server's user: AES-256-CBC, with the first
// half of the key as key and the quarter before that as initial vector
// (authenticate of auth_mad's server_cipher). It answers false for a token that
// was not made with the key, is for another user, or is too old.
func (s session) openServer(key string, now time.Time) bool {
	text, err := base64.StdEncoding.DecodeString(s.secret)
	if err != nil || len(key) < 32 || len(text) == 0 || len(text)%aes.BlockSize != 0 {
		return false
	}
	block, err := aes.NewCipher([]byte(key[:32]))
	if err != nil {
		return false
	}
	cipher.NewCBCDecrypter(block, []byte(key[:aes.BlockSize])).CryptBlocks(text, text)
	plain, ok := unpad(text)
	if !ok {
		return false
	}
	parts := strings.Split(plain, ":")
	if len(parts) != 3 || !equal(parts[0], s.name) || !equal(parts[1], s.target) {
		return false
	}
	expires, err := strconv.ParseInt(parts[2], 10, 64)
	return err == nil && now.Unix() < expires
}

// unpad takes the padding of PKCS #7 off.
func unpad(text []byte) (string, bool) {
	n := int(text[len(text)-1])
	if n == 0 || n > aes.BlockSize || n > len(text) {
		return "", false
	}
	return string(text[:len(text)-n]), true
}

// equal compares secrets in a time that does not tell where they differ.
func equal(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
