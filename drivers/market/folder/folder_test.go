package folder

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/drivertest"
	"github.com/renkei-vpe/renkei/pkg/attr"
)

func market(attrs ...string) drivers.Market {
	m := drivers.Market{ID: 100}
	for i := 0; i < len(attrs); i += 2 {
		m.Attrs.Set(attrs[i], attrs[i+1])
	}
	return m
}

// files returns a function that counts the files in a directory.
func files(dir string) func(*testing.T) int {
	return func(t *testing.T) int {
		list, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		return len(list)
	}
}

func TestContractWithBaseURL(t *testing.T) {
	t.Parallel()
	drivertest.RunMarket(t, func(t *testing.T) drivertest.Market {
		dir := t.TempDir()
		server := httptest.NewServer(http.FileServer(http.Dir(dir)))
		t.Cleanup(server.Close)
		return drivertest.Market{
			Market: market("PUBLIC_DIR", dir, "BASE_URL", server.URL+"/"), Driver: Store{}, Leftovers: files(dir),
			Fetch: func(t *testing.T, source string) ([]byte, bool) {
				resp, err := http.Get(source)
				if err != nil {
					t.Fatal(err)
				}
				defer resp.Body.Close()
				body, err := io.ReadAll(resp.Body)
				if err != nil {
					t.Fatal(err)
				}
				return body, resp.StatusCode == http.StatusOK
			},
		}
	})
}

func TestContractWithoutBaseURL(t *testing.T) {
	t.Parallel()
	drivertest.RunMarket(t, func(t *testing.T) drivertest.Market {
		dir := t.TempDir()
		return drivertest.Market{
			Market: market("PUBLIC_DIR", dir), Driver: Store{}, Leftovers: files(dir),
			Fetch: func(_ *testing.T, source string) ([]byte, bool) {
				text, err := os.ReadFile(source)
				return text, err == nil
			},
		}
	})
}

// Users cannot set SOURCE, but even a wrong one must not delete files outside PUBLIC_DIR.
func TestDeleteOnlyInPublicDir(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	kept := filepath.Join(dir, "kept")
	if err := os.WriteFile(kept, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	public := filepath.Join(dir, "public")
	if err := os.Mkdir(public, 0o700); err != nil {
		t.Fatal(err)
	}
	m := market("PUBLIC_DIR", public)
	for _, source := range []string{"../kept", kept, "http://x/../kept"} {
		if err := (Store{}).Delete(t.Context(), m, drivers.AppSpec{ID: 1}, source); err != nil {
			t.Errorf("%s: %v", source, err)
		}
	}
	for _, source := range []string{"http://x/", "http://x/..", "."} {
		if err := (Store{}).Delete(t.Context(), m, drivers.AppSpec{ID: 1}, source); err == nil {
			t.Errorf("%s was taken for a file", source)
		}
	}
	if _, err := os.Stat(kept); err != nil {
		t.Error(err)
	}
}

func TestInvalidPublicDir(t *testing.T) {
	t.Parallel()
	for _, dir := range []string{"", "/", "x", "/.."} {
		m := drivers.Market{ID: 1, Attrs: attr.Template{attr.NewSingle("PUBLIC_DIR", dir)}}
		if _, err := (Store{}).Look(t.Context(), m); err == nil {
			t.Errorf("PUBLIC_DIR %q was taken", dir)
		}
	}
}
