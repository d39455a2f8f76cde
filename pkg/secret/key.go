package secret

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Key encrypts values. Its text is what the file holds; as in oned the cipher takes
// the first 32 bytes of it.
type Key struct{ text string }

// keyBytes is how much of the text the cipher takes: AES-256.
const keyBytes = 32

// NewKey makes a random key.
func NewKey() Key {
	var b [48]byte
	rand.Read(b[:]) // never fails: the runtime ends the program instead
	return Key{base64.RawURLEncoding.EncodeToString(b[:])}
}

// ErrNoKey says that there is no file of a key.
var ErrNoKey = errors.New("there is no key of the encrypted attributes")

// Load reads a key from its file; ErrNoKey is among the errors when there is none.
func Load(path string) (Key, error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Key{}, fmt.Errorf("%s: %w", path, ErrNoKey)
	}
	if err != nil {
		return Key{}, fmt.Errorf("reading the key of the encrypted attributes: %w", err)
	}
	text := strings.TrimSpace(string(b))
	if len(text) < keyBytes {
		return Key{}, fmt.Errorf("%s: a key has %d characters at least", path, keyBytes)
	}
	return Key{text}, nil
}

// Save writes the key into a new file, which nobody else may read.
func (k Key) Save(path string) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("making the folder of the key: %w", err)
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("writing the key of the encrypted attributes: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := f.WriteString(k.text + "\n"); err != nil {
		return err
	}
	return f.Sync() // what is encrypted with a key that is lost is lost, too
}

// print is what tells the key from others, and says nothing else of it.
func (k Key) print() string {
	m := hmac.New(sha256.New, []byte(k.text))
	m.Write([]byte("the key of the encrypted attributes"))
	return hex.EncodeToString(m.Sum(nil))
}

// Encrypt answers a text as oned writes it: AES-256 in CBC mode from a block of
// zeros, in base64.
func (k Key) Encrypt(plain string) string {
	pad := aes.BlockSize - len(plain)%aes.BlockSize
	b := append([]byte(plain), strings.Repeat(string(rune(pad)), pad)...)
	cipher.NewCBCEncrypter(k.block(), make([]byte, aes.BlockSize)).CryptBlocks(b, b)
	return base64.StdEncoding.EncodeToString(b)
}

// Decrypt is the reverse of Encrypt; ok is false for what this key has not encrypted.
func (k Key) Decrypt(text string) (plain string, ok bool) {
	b, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(b) == 0 || len(b)%aes.BlockSize != 0 {
		return "", false
	}
	cipher.NewCBCDecrypter(k.block(), make([]byte, aes.BlockSize)).CryptBlocks(b, b)
	pad := int(b[len(b)-1])
	if pad == 0 || pad > aes.BlockSize {
		return "", false
	}
	rest := b[:len(b)-pad]
	for _, p := range b[len(rest):] {
		if int(p) != pad {
			return "", false
		}
	}
	return string(rest), true
}

func (k Key) block() cipher.Block {
	block, err := aes.NewCipher([]byte(k.text[:keyBytes]))
	if err != nil {
		panic(err) // of the key's length, which is right
	}
	return block
}
