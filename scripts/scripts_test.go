// Package scripts tests the scripts, which prepare machines and are the first that users run.
package scripts

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestScriptsAreClean runs shellcheck on every script.
func TestScriptsAreClean(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("shellcheck"); err != nil {
		t.Skip("no shellcheck here: scripts/packages.sh test installs it")
	}
	args := []string{"-x", ".ci/run"}
	for _, pattern := range []string{"*.sh", "lab/*.sh", "guest/*.sh"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range found {
			args = append(args, filepath.Join("scripts", name))
		}
	}
	cmd := exec.Command("shellcheck", args...)
	cmd.Dir = ".."
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("shellcheck: %v\n%s", err, out)
	}
}

// TestDemoGuest boots the demo guest without libvirt, logs in over ssh, and presses its power
// button.
func TestDemoGuest(t *testing.T) {
	t.Parallel()
	run(t, nil, "./try-guest.sh", realGuest(t))
}

// realGuest answers the image of the demo guest, or skips the test.
func realGuest(t *testing.T) string {
	t.Helper()
	image := os.Getenv("RENKEI_TEST_GUEST")
	if os.Getenv("RENKEI_TEST_LIBVIRT") != "1" || image == "" {
		t.Skip("real guests: set RENKEI_TEST_LIBVIRT=1, and RENKEI_TEST_GUEST to a guest image")
	}
	return image
}

// run runs a command with additional environment variables, and answers its output.
func run(t *testing.T, env []string, argv ...string) string {
	t.Helper()
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Env = append(os.Environ(), env...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(argv, " "), err, out)
	}
	return string(out)
}
