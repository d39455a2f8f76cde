package user

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/subtle"
	"encoding/base64"
	"strconv"
	"strings"
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

// parse takes a session string apart. A secret may hold colons, so that the
// user's driver tells which form it is.
func parse(text string) (s session, ok bool) {
	name, rest, ok := strings.Cut(text, ":")
	return session{name: name, egid: -1, secret: rest}, ok && name != "" && rest != ""
}

// asServer reads the rest of the session of a server's user.
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

// openServer decrypts the token of a server's user and answers when it expires:
// AES-256-CBC with the first half of the server's key as key and the first
// quarter as initial vector (authenticate of auth_mad's server_cipher). It
// answers false for a token that was not made with the key. Other than oned's it
// has to name the user that the session is for: a token that somebody saw does
// not open all the others.
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
	if len(parts) != 3 || !equal(parts[0], s.name) || !equal(parts[1], s.target) {
		return 0, false
	}
	expires, err = strconv.ParseInt(parts[2], 10, 64)
	return expires, err == nil
}

// unpad takes the padding of PKCS #7 off.
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

// equal compares secrets in a time that does not tell where they differ.
func equal(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
