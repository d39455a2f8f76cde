package server

import (
	"strings"
	"testing"

	"github.com/rs/zerolog"
)

// What the HTTP server reports about a connection is logged like everything else.
func TestConnectionsAreLoggedAsEvents(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	logConnections(zerolog.New(&out)).Printf("http: TLS handshake error from %s", "192.0.2.1:5")
	if got, want := out.String(), `{"level":"warn","message":"http: TLS handshake error from 192.0.2.1:5"}`+"\n"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
