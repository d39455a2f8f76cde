package user

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/subtle"
	"encoding/base64"
	"strconv"
	"strings"
)

// session is a parsed session string: "user:secret", or for server users "server:user:secret"
// or "server:user:group:secret".
type session struct {
	name   string // whose secret it is
	target string // the user that a server acts for, or ""
	egid   int    // restricts the session to a group; -1 for all
	secret string
}

// parse splits a session string. Secrets may contain colons, so the form depends on the user's
// driver and is handled later.
func parse(text string) (s session, ok bool) {
	name, rest, ok := strings.Cut(text, ":")
	return session{name: name, egid: -1, secret: rest}, ok && name != "" && rest != ""
}

// asServer parses the rest of a server user's session.
func (s session) asServer() (session, bool) {
	parts := strings.Split(s.secret, ":")
	switch len(parts) {
	case 2:
		s.target, s.secret = parts[0], parts[1]
		return s, true
	case 3:
		egid, err := strconv.Atoi(parts[1])
		s.target, s.egid, s.secret = parts[0], egid, parts[2]
		return s, err == nil && egid >= -1
	}
	return s, false
}

// openServer decrypts the token of a server user and returns when it expires. It is encrypted
// by AES-256-CBC, with the first half of the server's key as key and the first quarter as
// initial vector (authenticate of auth_mad's server_cipher). ok is false if the token was not
// made with that key. Unlike in oned, the token must name the target user of the session, so
// that a token that somebody has seen cannot be used for other users. Or it names the server
// itself, as Sunstone's tokens for consoles do: they allow whatever the server may do anyway.
func (s session) openServer(key string) (expires int64, ok bool) {
	text, err := base64.StdEncoding.DecodeString(s.secret)
	if err != nil || !isKey(key) || len(text) == 0 || len(text)%aes.BlockSize != 0 {
		return 0, false
	}
	block, err := aes.NewCipher([]byte(key[:32]))
	if err != nil {
		return 0, false
	}
	cipher.NewCBCDecrypter(block, []byte(key[:aes.BlockSize])).CryptBlocks(text, text)
	plain, ok := unpad(text)
	if !ok {
		return 0, false
	}
	parts := strings.Split(plain, ":")
	if len(parts) != 3 || !equal(parts[0], s.name) || !equal(parts[1], s.target) && !equal(parts[1], s.name) {
		return 0, false
	}
	expires, err = strconv.ParseInt(parts[2], 10, 64)
	return expires, err == nil
}

// unpad removes the padding of PKCS #7.
func unpad(text []byte) (string, bool) {
	n := int(text[len(text)-1])
	if n == 0 || n > aes.BlockSize {
		return "", false
	}
	body, padding := text[:len(text)-n], text[len(text)-n:]
	for _, b := range padding {
		if int(b) != n {
			return "", false
		}
	}
	return string(body), true
}

// equal compares secrets in constant time.
func equal(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
