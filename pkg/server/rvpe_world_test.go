package server_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/renkei-vpe/renkei/pkg/config"
	"github.com/renkei-vpe/renkei/xmlrpc"
)

// Sessions of the recording: behind the colon is the SHA-1 of a password, which is all that
// RENKEI-VPE's server ever gets.
const (
	adminSession = "oneadmin:c295244ae0862b3fd4ca90e23505ef6fd6846dcd"
	user1Session = "user1:f77b171ff5d15be2eecf924eed7a005c07663feb"
	user2Session = "user2:b4df901f39860d150db88dedae2e73b8c14b285a"
)

// site is a server with simulated hosts that speaks rvpe.*.
type site struct {
	world
	t    *testing.T
	url  string
	data string // the server's folder
}

func openSite(t *testing.T, change func(*config.Config)) site {
	t.Helper()
	data := ""
	w := open(t, -1, func(c *config.Config) {
		data = c.Data
		c.One22.Hypervisor, c.One22.Network, c.RVPE.ChunkKiB = "dummy", "dummy", 64
		c.Listeners = []config.Listener{{Face: "rvpe", Listen: "localhost:0"}}
		if err := os.WriteFile(os.Getenv("ONE_AUTH"), []byte("oneadmin:oneadminpw\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if change != nil {
			change(c)
		}
	})
	api := dial(t, w.endpoint, "oneadmin:oneadminpw")
	for id, mad := range []string{"TM_MAD=dummy", "TM_MAD=dummy\nDS_MAD=dummy"} {
		if _, err := api.Call(t.Context(), "one.datastore.update", id, mad, 1); err != nil {
			t.Fatal(err)
		}
	}
	return site{world: w, t: t, url: "http://" + w.addresses[1] + "/", data: data}
}

// ask makes a call and answers the value, or the fault.
func (s site) ask(method string, args ...any) any {
	s.t.Helper()
	body, err := xmlrpc.MarshalCall(method, args...)
	if err != nil {
		s.t.Fatal(err)
	}
	resp, err := http.Post(s.url, "text/xml", bytes.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	text, err := io.ReadAll(resp.Body)
	if err := errors.Join(err, resp.Body.Close()); err != nil {
		s.t.Fatal(err)
	}
	v, err := xmlrpc.UnmarshalResponse(text, xmlrpc.Limits{})
	var fault *xmlrpc.Fault
	if errors.As(err, &fault) {
		return map[string]any{"fault": float64(fault.Code), "text": fault.Text}
	}
	if err != nil {
		s.t.Fatalf("%s: %v in %s", method, err, text)
	}
	return asJSON(v)
}

// must makes a call that has to succeed, and answers the value.
func (s site) must(method string, args ...any) any {
	s.t.Helper()
	list, ok := s.ask(method, args...).([]any)
	if !ok || list[0] != true {
		s.t.Fatalf("%s%v: %v", method, args[1:], list)
	}
	if len(list) == 1 {
		return nil
	}
	return list[1]
}

// refused makes a call that has to be refused with this text.
func (s site) refused(want, method string, args ...any) {
	s.t.Helper()
	list, _ := s.ask(method, args...).([]any)
	if len(list) != 2 || list[0] != false || list[1] != want {
		s.t.Errorf("%s%v: got %v, want the refusal %q", method, args[1:], list, want)
	}
}

// asJSON gives a value the types that it has in a recording.
func asJSON(v any) any {
	switch v := v.(type) {
	case int32:
		return float64(v)
	case int64:
		return float64(v)
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = asJSON(v[i])
		}
		return list
	}
	return v
}

// exchange is a line of the recording.
type exchange struct {
	Method string
	Case   string
	Params []any
	Result any
	used   bool
}

// recordedExchanges reads the recording, or skips the test if there is none.
func recordedExchanges(t *testing.T) []*exchange {
	t.Helper()
	path := filepath.Join("..", "..", "..", "shared", "golden", "rvpe-methods.jsonl")
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		t.Skip("the recording of RENKEI-VPE is not beside this tree: ", path)
	}
	if err != nil {
		t.Fatal(err)
	}
	var list []*exchange
	for dec := json.NewDecoder(bytes.NewReader(text)); ; {
		var x exchange
		if err := dec.Decode(&x); errors.Is(err, io.EOF) {
			return list
		} else if err != nil {
			t.Fatal(err)
		}
		for i, p := range x.Params {
			if n, ok := p.(float64); ok {
				x.Params[i] = int(n)
			}
		}
		list = append(list, &x)
	}
}
