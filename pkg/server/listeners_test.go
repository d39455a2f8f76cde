package server_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/rs/zerolog"

	"github.com/renkei-vpe/renkei/pkg/config"
	"github.com/renkei-vpe/renkei/pkg/server"
)

// TestFurtherListeners calls the API at every configured address and path, and nowhere else.
func TestFurtherListeners(t *testing.T) {
	shared := "127.0.0.1:0" // the same address as the API's: one listener for both
	w := open(t, -1, func(c *config.Config) {
		c.Listen = shared
		c.Listeners = []config.Listener{
			{Face: "one", Listen: shared, Paths: []string{"/other"}},
			{Face: "one", Listen: "localhost:0", Paths: []string{"*"}},
		}
	})
	if len(w.addresses) != 2 {
		t.Fatalf("it listens at %v; want one address for the API with its second path, and another", w.addresses)
	}
	for path, answers := range map[string]bool{
		w.addresses[0] + "/RPC2": true, w.addresses[0] + "/other": true, w.addresses[0] + "/": false,
		w.addresses[1] + "/RPC2": true, w.addresses[1] + "/any/path": true,
	} {
		_, err := dial(t, "http://"+path, "oneadmin:secret").Call(t.Context(), "one.system.version")
		if (err == nil) != answers {
			t.Errorf("%s: got %v, want an answer: %v", path, err, answers)
		}
	}
}

// TestInvalidListeners are refused before anything is served.
func TestInvalidListeners(t *testing.T) {
	for name, c := range map[string]struct {
		listeners []config.Listener
		want      string
	}{
		"no such face": {[]config.Listener{{Face: "two"}}, `there is no face "two"`},
		"path taken by the API": {
			[]config.Listener{{Face: "one", Listen: "127.0.0.1:0", Paths: []string{"/RPC2"}}}, "listeners[0]: something else answers at",
		},
		"path taken twice": {
			[]config.Listener{{Face: "one", Listen: ":1"}, {Face: "one", Listen: ":1"}}, "listeners[1]: something else answers at",
		},
	} {
		t.Run(name, func(t *testing.T) {
			conf := config.Default()
			conf.Markets = config.Markets{} // tests reach for nothing outside
			conf.Data, conf.Listen, conf.Listeners = t.TempDir(), "127.0.0.1:0", c.listeners
			conf.Auth.HashCost = 4
			t.Setenv("ONE_AUTH", filepath.Join(conf.Data, "auth"))
			_, err := server.New(conf, zerolog.Nop())
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}
