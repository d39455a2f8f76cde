package server_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/renkei-vpe/renkei/pkg/config"
	"github.com/renkei-vpe/renkei/pkg/user"
	"github.com/renkei-vpe/renkei/xmlrpc"
)

// api is the API's own listener, called by clients of 2.2 and of 7.4.
type api struct {
	t   *testing.T
	url string
}

func openAPI(t *testing.T, sha1Sessions bool) (api, world) {
	t.Helper()
	w := open(t, -1, func(c *config.Config) {
		c.Auth.SHA1Sessions, c.One22.Hypervisor = sha1Sessions, "dummy"
		if err := os.WriteFile(os.Getenv("ONE_AUTH"), []byte("oneadmin:oneadminpw\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	})
	return api{t, w.endpoint}, world{dial(t, w.endpoint, "oneadmin:oneadminpw"), w.endpoint, nil}
}

// ask makes a call and answers the elements of the result, or the text of a fault.
func (a api) ask(method string, args ...any) []any {
	a.t.Helper()
	body, err := xmlrpc.MarshalCall(method, args...)
	if err != nil {
		a.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, a.url, bytes.NewReader(body))
	if err != nil {
		a.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "text/xml")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		a.t.Fatal(err)
	}
	text, err := io.ReadAll(resp.Body)
	if err := errors.Join(err, resp.Body.Close()); err != nil {
		a.t.Fatal(err)
	}
	v, err := xmlrpc.UnmarshalResponse(text, xmlrpc.Limits{})
	if fault := (*xmlrpc.Fault)(nil); errors.As(err, &fault) {
		return []any{fault.Text}
	}
	if err != nil {
		a.t.Fatal(err)
	}
	return v.([]any)
}

// old makes a call whose answer has to have 2.2's form: without error code.
func (a api) old(method string, args ...any) string {
	a.t.Helper()
	list := a.ask(method, args...)
	if list[0] != true || len(list) > 2 {
		a.t.Fatalf("%s: %v is no success of 2.2", method, list)
	}
	if len(list) == 1 {
		return ""
	}
	text, _ := list[1].(string)
	return text
}

// today makes a call whose answer has to have 7.4's form; it is an error if code is not 0.
func (a api) today(code int, method string, args ...any) string {
	a.t.Helper()
	list := a.ask(method, args...)
	if len(list) < 3 || (list[0] == true) != (code == 0) || list[2] != int32(code) {
		a.t.Fatalf("%s: %v is not an answer of today with code %d", method, list, code)
	}
	text, _ := list[1].(string)
	return text
}

// refused is the error code for a session that is not valid: an invalid session of 2.2 is
// treated as one of 7.4.
const refused = 256

// TestSHA1SessionsOnTheAPI: if the settings allow them, the form of the session decides in
// which format a call is answered.
func TestSHA1SessionsOnTheAPI(t *testing.T) {
	a, today := openAPI(t, true)
	old := func(name, password string) string { return name + ":" + user.SHA1Hex(password) }
	admin := old("oneadmin", "oneadminpw")
	a.old("one.user.allocate", admin, "alice", user.SHA1Hex("alicepw"))
	if xml := a.old("one.userpool.info", admin); !strings.Contains(xml, "<USER_POOL><USER><ID>0</ID><NAME>oneadmin</NAME><PASSWORD>") {
		t.Errorf("the pool is not in 2.2's words: %s", xml)
	}
	if xml := a.today(0, "one.userpool.info", "oneadmin:oneadminpw"); !strings.Contains(xml, "<NAME>alice</NAME>") || !strings.Contains(xml, "<AUTH_DRIVER>") {
		t.Errorf("the pool is not in today's words: %s", xml)
	}
	a.old("one.cluster.add", admin, a.id("one.host.allocate", admin, "h", "im_kvm", "vmm_dummy", "tm_nfs"), 0) // only 2.2 has it
	a.old("one.vmpool.info", old("alice", "alicepw"), -2, false, -1)
	a.today(0, "one.vmpool.info", "alice:alicepw", -2, -1, -1, -1)
	if list := a.ask("one.host.allocate", old("alice", "alicepw"), "x", "im", "vmm", "tm"); list[1] != "[HostAllocate] User [2] not authorized to perform CREATE on HOST Pool" {
		t.Errorf("alice as an administrator: %v", list)
	}
	a.today(refused, "one.user.info", old("alice", "wrong"), -1)
	a.today(refused, "one.user.info", old("nobody", "alicepw"), -1)

	today.must(t, "one.user.allocate", "bob", "bobpw", "core")
	a.today(refused, "one.user.info", old("bob", "bobpw"), -1) // he has never logged in with his password
	hex := user.SHA1Hex("looks like one")
	today.must(t, "one.user.allocate", "carol", hex, "core")
	a.today(0, "one.user.info", "carol:"+hex, -1) // her password happens to be a SHA-1
	today.must(t, "one.user.passwd", 2, "newpw")
	a.today(refused, "one.user.info", old("alice", "alicepw"), -1)
	a.old("one.vmpool.info", old("alice", "newpw"), -2, false, -1)
	today.must(t, "one.user.enable", 2, false)
	a.today(refused, "one.user.info", old("alice", "newpw"), -1)
}

// TestNoSHA1SessionsUnlessTheyAreAskedFor: by default, nobody can log in with a SHA-1, and
// there are no methods of 2.2.
func TestNoSHA1SessionsUnlessTheyAreAskedFor(t *testing.T) {
	a, _ := openAPI(t, false)
	session := "oneadmin:" + user.SHA1Hex("oneadminpw")
	a.today(refused, "one.user.info", session, -1)
	a.today(refused, "one.userpool.info", session)
	if list := a.ask("one.cluster.add", session, 0, 0); len(list) != 1 {
		t.Errorf("one.cluster.add is there: %v", list)
	}
}

// id is old for answers that are an ID.
func (a api) id(method string, args ...any) int {
	a.t.Helper()
	list := a.ask(method, args...)
	if n, ok := list[1].(int32); ok && list[0] == true {
		return int(n)
	}
	a.t.Fatalf("%s: %v", method, list)
	return -1
}
