package client_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/pkg/client"
)

// The environment belongs to the whole process: these tests run one by one.

func setEnv(t *testing.T, home string, env map[string]string) {
	t.Helper()
	for _, name := range []string{"ONE_XMLRPC", "ONE_AUTH", "ONE_XMLRPC_TIMEOUT", "ONE_CERT_DIR", "ONE_DISABLE_SSL_VERIFY"} {
		t.Setenv(name, env[name])
	}
	t.Setenv("HOME", home)
}

func write(t *testing.T, path, text string) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestSettingsComeFromTheEnvironment(t *testing.T) {
	home := t.TempDir()
	auth := write(t, filepath.Join(home, "auth"), "alice:se:cret\n")
	setEnv(t, home, map[string]string{
		"ONE_XMLRPC": "https://one.example.org/RPC2", "ONE_AUTH": auth, "ONE_XMLRPC_TIMEOUT": "30",
		"ONE_CERT_DIR": "/etc/certs", "ONE_DISABLE_SSL_VERIFY": "1",
	})
	got, err := client.FromEnv()
	if err != nil {
		t.Fatal(err)
	}
	want := client.Config{
		Endpoint: "https://one.example.org/RPC2", Auth: "alice:se:cret", Timeout: 30 * time.Second,
		CAFile: "/etc/certs", SkipVerify: true,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("settings (-want +got):\n%s", diff)
	}
}

func TestSettingsComeFromTheHome(t *testing.T) {
	home := t.TempDir()
	write(t, filepath.Join(home, ".one", "one_auth"), "oneadmin:secret")
	write(t, filepath.Join(home, ".one", "one_endpoint"), "http://front:2633/RPC2\n")
	setEnv(t, home, map[string]string{"ONE_AUTH": filepath.Join(home, "missing")})
	got, err := client.FromEnv()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(client.Config{Endpoint: "http://front:2633/RPC2", Auth: "oneadmin:secret"}, got); diff != "" {
		t.Errorf("settings (-want +got):\n%s", diff)
	}
}

func TestSettingsThatHelpNobody(t *testing.T) {
	home := t.TempDir()
	empty := write(t, filepath.Join(home, "empty"), "\n")
	for want, env := range map[string]map[string]string{
		"do not read user:password":    {"ONE_AUTH": empty},
		"ONE_XMLRPC_TIMEOUT is \"1m\"": {"ONE_XMLRPC_TIMEOUT": "1m"},
		"ONE_AUTH file not present":    {},
		"reading credentials":          {"ONE_AUTH": home},
	} {
		setEnv(t, home, env)
		if _, err := client.FromEnv(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: got %v, want %q in it", env, err, want)
		}
	}
}

func TestDefaultEndpoint(t *testing.T) {
	setEnv(t, t.TempDir(), nil)
	cfg, err := client.EndpointFromEnv()
	if err != nil || cfg.Endpoint != client.DefaultEndpoint {
		t.Errorf("got %q, %v", cfg.Endpoint, err)
	}
}
