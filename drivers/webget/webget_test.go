package webget

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestGet(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	mux.HandleFunc("/list", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.UserAgent()) })
	mux.Handle("/old", http.RedirectHandler("/list", http.StatusFound))
	mux.HandleFunc("/large", func(w http.ResponseWriter, _ *http.Request) {
		for range limit>>20 + 1 {
			if _, err := w.Write(make([]byte, 1<<20)); err != nil {
				return // the client has closed the connection
			}
		}
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	g := Getter{Agent: "me", HTTP: server.Client()}
	body, at, err := g.Get(t.Context(), server.URL+"/old")
	if err != nil || string(body) != "me" || at.String() != server.URL+"/list" {
		t.Errorf("got %q from %v, %v", body, at, err)
	}
	for path, want := range map[string]string{"/nothing": "404 Not Found", "/large": "larger than 64 MiB"} {
		if _, _, err := g.Get(t.Context(), server.URL+path); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), server.URL+path) {
			t.Errorf("%s: %v", path, err)
		}
	}
	server.Close()
	if _, _, err := (Getter{}).Get(t.Context(), server.URL); err == nil || !strings.Contains(err.Error(), server.URL) {
		t.Errorf("nobody answers: %v", err)
	}
}
