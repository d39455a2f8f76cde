package secret_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/secret"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
)

// fixed answers a key that a file holds.
func fixed(t *testing.T, text string) secret.Key {
	t.Helper()
	path := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	k, err := secret.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// TestAsOpenSSL encrypts as `openssl enc -aes-256-cbc -K <hex of the key> -iv 0 -a` does.
func TestAsOpenSSL(t *testing.T) {
	k := fixed(t, strings.Repeat("0123456789abcdef", 4)+"\n")
	for plain, want := range map[string]string{
		"opennebula":       "jbyWxf8IzGqipJ10Cs20UA==",
		"":                 "iqNiQf3o3wVNwyXGxpW4ng==",
		"0123456789abcdef": "+DyaYNwM25ghn3nW1dsWNRhWclz0EUq0zBE9AaMduUs=",
	} {
		if got := k.Encrypt(plain); got != want {
			t.Errorf("Encrypt(%q) = %q, want %q", plain, got, want)
		}
	}
}

func TestKeyRoundTrip(t *testing.T) {
	k, other := secret.NewKey(), secret.NewKey()
	rapid.Check(t, func(t *rapid.T) {
		plain := rapid.StringN(0, 100, -1).Draw(t, "plain")
		text := k.Encrypt(plain)
		if got, ok := k.Decrypt(text); !ok || got != plain {
			t.Fatalf("Decrypt = %q, %v", got, ok)
		}
		if got, ok := other.Decrypt(text); ok && got == plain {
			t.Fatal("another key decrypts it")
		}
	})
	for _, text := range []string{"", "plain", "QUJD", "====", k.Encrypt("x")[4:]} {
		if got, ok := k.Decrypt(text); ok {
			t.Errorf("Decrypt(%q) = %q", text, got)
		}
	}
}

func TestVault(t *testing.T) {
	v := secret.NewVault(secret.NewKey(), map[string]secret.Names{"thing": {"TOKEN", "CONTEXT/PASSWORD"}})
	const text = "TOKEN=a\nTOKEN=b\nTOKEN=[X=c]\nCONTEXT=[PASSWORD=d,USER=e]\nCONTEXT=[PASSWORD=\"\"]\nOTHER=f"
	before, err := attr.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	m := &object.Meta{Template: before.Clone()}
	own := *m
	if v.Seal("other", &own) || !v.Seal("thing", &own) {
		t.Error("what is to be encrypted is not seen, or too much of it")
	}
	if !m.Template.Equal(before) {
		t.Error("the row itself is changed, not its copy")
	}
	got := own.Template.Text()
	if !strings.Contains(got, "OTHER") || strings.Contains(got, `"a"`) || strings.Contains(got, `"d"`) {
		t.Errorf("not encrypted: %s", got)
	}
	if v.Seal("thing", &own) || own.Template.Text() != got { // as clients send it back
		t.Error("it is encrypted twice")
	}
	if !v.Open("thing", &own) || !own.Template.Equal(before) {
		t.Errorf("decrypted it is %s", own.Template.Text())
	}
	if v.Open("thing", &own) {
		t.Error("what is in plain is decrypted")
	}
	if (*secret.Vault)(nil).Seal("thing", m) {
		t.Error("no vault encrypts")
	}
}

// TestSettle: a store knows its key, and takes no other and no new one.
func TestSettle(t *testing.T) {
	st, err := store.Open(store.Options{Log: memlog.New(), Tables: []store.AnyTable{secret.Checks}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	path := filepath.Join(t.TempDir(), "below", "one_key")
	settle := func() error {
		k, err := secret.Find(path)
		if err != nil {
			return err
		}
		return k.Settle(t.Context(), st, path)
	}
	for range 2 { // makes it, and finds it
		if err := settle(); err != nil {
			t.Fatal(err)
		}
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key's file: %v, %v", info.Mode(), err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := settle(); !errors.Is(err, secret.ErrNoKey) {
		t.Errorf("without the file: %v", err)
	}
	if err := secret.NewKey().Save(path); err != nil {
		t.Fatal(err)
	}
	if err := settle(); !errors.Is(err, secret.ErrOtherKey) {
		t.Errorf("with another key: %v", err)
	}
	if err := os.WriteFile(path, []byte("short"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := settle(); err == nil || !strings.Contains(err.Error(), "32 characters") {
		t.Errorf("with half a key: %v", err)
	}
}
