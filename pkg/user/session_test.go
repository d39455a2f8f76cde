package user_test

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/user"
)

// cipherToken makes the token that OpenNebula's ServerCipherAuth makes.
func cipherToken(password, plain string) string {
	key := user.ServerKey(password)[:32]
	block, _ := aes.NewCipher([]byte(key))
	pad := aes.BlockSize - len(plain)%aes.BlockSize
	text := append([]byte(plain), bytes.Repeat([]byte{byte(pad)}, pad)...)
	cipher.NewCBCEncrypter(block, []byte(key[:16])).CryptBlocks(text, text)
	return base64.StdEncoding.EncodeToString(text)
}

// TestCipherToken compares the helper above with the result of openssl enc -aes-256-cbc -K …
// -iv … | base64.
func TestCipherToken(t *testing.T) {
	t.Parallel()
	const want = "YZNnIQeVzb3gCyxQ6dyDuQFlsuzmH6jjqtJiPP05OO8="
	if got := cipherToken("server", "serveradmin:alice:99"); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestServerSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.do(func(tx *store.Tx) error { return user.AddGroup(tx, alice, ops) })
	expires := w.now.Load() + 60
	good := cipherToken("server", fmt.Sprintf("serveradmin:alice:%d", expires))
	for _, tt := range []struct {
		name, session string
		in            bool
	}{
		{"good", "serveradmin:alice:" + good, true},
		{"one group", "serveradmin:alice:101:" + good, true},
		{"all groups", "serveradmin:alice:-1:" + good, true},
		{"a group that is not hers", "serveradmin:alice:0:" + good, false},
		{"a group that is not there", "serveradmin:alice:4242:" + good, false},
		{"no group", "serveradmin:alice:x:" + good, false},
		{"the server's own token", "serveradmin:alice:" + cipherToken("server", fmt.Sprintf("serveradmin:serveradmin:%d", expires)), true},
		{"the token of another user", "serveradmin:bob:" + good, false},
		{"nobody", "serveradmin:nobody:" + cipherToken("server", fmt.Sprintf("serveradmin:nobody:%d", expires)), false},
		{"wrong password", "serveradmin:alice:" + cipherToken("guessed", fmt.Sprintf("serveradmin:alice:%d", expires)), false},
		{"other server", "serveradmin:alice:" + cipherToken("server", fmt.Sprintf("otheradmin:alice:%d", expires)), false},
		{"too old", "serveradmin:alice:" + cipherToken("server", fmt.Sprintf("serveradmin:alice:%d", w.now.Load())), false},
		{"no time", "serveradmin:alice:" + cipherToken("server", "serveradmin:alice:soon"), false},
		{"no token", "serveradmin:alice:", false},
		{"no base64", "serveradmin:alice:%%%", false},
		{"half a block", "serveradmin:alice:" + base64.StdEncoding.EncodeToString([]byte("12345678")), false},
		{"no server", "alice:bob:" + good, false},
	} {
		if got := w.enter(tt.session) != nil; got != tt.in {
			t.Errorf("%s: let in %v, want %v", tt.name, got, tt.in)
		}
	}
}

func TestServerSessionEnds(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		end  func(w *world)
	}{
		{"with its time", func(w *world) { w.pass(61 * time.Second) }},
		{"with the server's password", func(w *world) {
			w.do(func(tx *store.Tx) error {
				return user.SetSecret(tx, one.ServeradminID, user.DriverServerCipher, user.ServerKey("new"))
			})
		}},
		{"with the server", func(w *world) {
			w.do(func(tx *store.Tx) error { return user.Enable(tx, one.ServeradminID, false) })
		}},
		{"with the user", func(w *world) { w.do(func(tx *store.Tx) error { return user.Enable(tx, alice, false) }) }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			session := "serveradmin:alice:" + cipherToken("server", fmt.Sprintf("serveradmin:alice:%d", w.now.Load()+60))
			if w.enter(session) == nil {
				t.Fatal("the session is refused at first")
			}
			tt.end(w)
			if w.enter(session) != nil {
				t.Error("the session goes on")
			}
		})
	}
}

// login requests a token, with all rights.
func (w *world) login(id int, token string, valid, egid int) (string, error) {
	var got string
	err := w.try(func(tx *store.Tx) (err error) {
		u, _ := user.Kind.Get(tx, id)
		c := &one.Caller{UID: id, GID: u.GID, Groups: u.Groups}
		got, err = user.SetToken(tx, c, user.Login{UserID: id, Token: token, Valid: valid, EGID: egid})
		return err
	})
	return got, err
}

func TestLoginToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, err := w.login(alice, "", 60, -1)
	if err != nil || len(token) != 64 {
		t.Fatalf("token %q, %v", token, err)
	}
	if c := w.enter("alice:" + token); c == nil || c.UID != alice {
		t.Errorf("the token lets in %+v", c)
	}
	if w.enter("bob:"+token) != nil {
		t.Error("alice's token opens bob")
	}
	w.pass(61 * time.Second)
	if w.enter("alice:"+token) != nil {
		t.Error("the token outlives its time")
	}
}

// TestExistingTokenStays: requested again, its validity and group stay the same.
func TestExistingTokenStays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, asked := range []struct{ valid, egid int }{{60, -1}, {3600, devs}} {
		if got, err := w.login(alice, "tok", asked.valid, asked.egid); got != "tok" || err != nil {
			t.Fatalf("token %q, %v", got, err)
		}
	}
	if tokens := w.user(alice).Tokens; len(tokens) != 1 || tokens[0].EGID != -1 {
		t.Errorf("alice has %+v", tokens)
	}
	w.pass(61 * time.Second)
	if w.enter("alice:tok") != nil {
		t.Error("it lasts longer than it was made for")
	}
}

func TestTokenOfOneGroup(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.do(func(tx *store.Tx) error { return user.AddGroup(tx, alice, ops) })
	token, err := w.login(alice, "", -1, ops)
	if err != nil {
		t.Fatal(err)
	}
	want := &one.Caller{UID: alice, GID: ops, Groups: []int{ops}, UName: "alice", GName: "ops", Umask: 0o177}
	if diff := cmp.Diff(want, w.enter("alice:"+token)); diff != "" {
		t.Errorf("wrong caller:\n%s", diff)
	}
	w.do(func(tx *store.Tx) error { return user.DelGroup(tx, alice, ops) })
	if w.enter("alice:"+token) != nil {
		t.Error("the token acts in a group that alice left")
	}
}

func TestTokensAreDeleted(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		end  func(w *world) error
	}{
		{"one", func(w *world) error { _, err := w.login(alice, "tok", 0, -1); return err }},
		{"all", func(w *world) error { _, err := w.login(alice, "", 0, -1); return err }},
		{"with the password", func(w *world) error {
			return w.try(func(tx *store.Tx) error { return user.SetSecret(tx, alice, user.DriverCore, "$2a$04$another") })
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			if _, err := w.login(alice, "tok", 60, -1); err != nil || w.enter("alice:tok") == nil {
				t.Fatalf("the token does not work at first: %v", err)
			}
			if err := tt.end(w); err != nil {
				t.Fatal(err)
			}
			if w.enter("alice:tok") != nil {
				t.Error("the token still works")
			}
		})
	}
}

func TestLoginRefusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range 10 {
		if _, err := w.login(bob, "", 60, -1); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		user        int
		token       string
		valid, egid int
		want        string
	}{
		{bob, "", 60, -1, "Max number of tokens limit reached."},
		{alice, "", 60, 4242, "EGID is not in user group list"},
		{alice, "", -2, -1, "Wrong valid period for token"},
		{alice, "none", 0, -1, "Could not find token: none"},
	} {
		if _, err := w.login(tt.user, tt.token, tt.valid, tt.egid); message(err) != tt.want {
			t.Errorf("got %q, want %q", message(err), tt.want)
		}
	}
	err := w.try(func(tx *store.Tx) error {
		_, err := user.SetToken(tx, oneadmin(), user.Login{UserID: alice, Valid: 60, EGID: -1})
		return err
	})
	if want := "Cannot create a full token with a specific group token"; message(err) != want {
		t.Errorf("got %q, want %q", message(err), want)
	}
}
