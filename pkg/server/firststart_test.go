package server

import (
	"testing"

	"github.com/renkei-vpe/renkei/pkg/config"
)

func TestZoneEndpoint(t *testing.T) {
	t.Parallel()
	for listen, want := range map[string]string{
		"127.0.0.1:2633":    "http://localhost:2633/RPC2",
		"[::1]:2633":        "http://localhost:2633/RPC2",
		":2633":             "http://localhost:2633/RPC2",
		"0.0.0.0:1":         "http://localhost:1/RPC2",
		"10.1.2.3:2633":     "http://10.1.2.3:2633/RPC2",
		"one.example:2633":  "http://one.example:2633/RPC2",
		"[2001:db8::1]:263": "http://[2001:db8::1]:263/RPC2",
	} {
		if got := zoneEndpoint(config.Config{Listen: listen, Path: "/RPC2"}); got != want {
			t.Errorf("%s: got %s, want %s", listen, got, want)
		}
	}
}
