package remote

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/renkei-vpe/renkei/drivers"
)

var (
	here  = drivers.Host{Name: "front", Local: true}
	there = drivers.Host{ID: 1, Name: "vh1"}
)

// fakeSSH is an ssh that runs the command line in a local shell, in a session of its own as
// sshd does: killing ssh does not kill it.
func fakeSSH(t *testing.T) []string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "ssh")
	script := `#!/bin/sh
while [ "$1" != -- ]; do [ "$1" != -O ] || exit 0; shift; done
if [ "$2" = unreachable ]; then echo "ssh: no route" >&2; exit 255; fi
exec setsid -w sh -c "$3"
`
	if err := os.WriteFile(path, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	return []string{"sh", path}
}

func newRunner(t *testing.T, cfg Config) *Runner {
	t.Helper()
	if cfg.SSH == nil {
		cfg.SSH = fakeSSH(t)
	}
	r, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return r
}

// onBoth runs a test on this machine and on one that is reached over ssh.
func onBoth(t *testing.T, test func(*testing.T, drivers.Host)) {
	t.Parallel()
	t.Run("local", func(t *testing.T) { t.Parallel(); test(t, here) })
	t.Run("ssh", func(t *testing.T) { t.Parallel(); test(t, there) })
}
