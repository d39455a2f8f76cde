package remote

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/drivers"
)

// realSSH is an ssh command with a real sshd, which ssh starts itself as ProxyCommand, so that
// no port is needed.
func realSSH(t *testing.T) []string {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("not root: sshd cannot serve a login")
	}
	sshd, err := exec.LookPath("/usr/sbin/sshd")
	if err != nil {
		t.Skip("no sshd here: install openssh-server")
	}
	if err := os.MkdirAll("/run/sshd", 0o755); err != nil {
		t.Skip("no /run/sshd, which sshd wants: ", err)
	}
	dir := t.TempDir()
	for _, key := range []string{"host", "user"} {
		if out, err := exec.Command("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", filepath.Join(dir, key)).CombinedOutput(); err != nil {
			t.Fatalf("ssh-keygen: %v: %s", err, out)
		}
	}
	config := filepath.Join(dir, "sshd_config")
	text := "HostKey " + dir + "/host\nAuthorizedKeysFile " + dir + "/user.pub\nStrictModes no\nUsePAM no\nPermitRootLogin yes\n"
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return []string{
		"ssh", "-F", "none", "-i", dir + "/user", "-l", "root",
		"-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=" + dir + "/known",
		"-o", "ProxyCommand=" + sshd + " -i -f " + config,
	}
}

func TestRealSSH(t *testing.T) {
	t.Parallel()
	r := newRunner(t, Config{SSH: realSSH(t)})
	h := drivers.Host{ID: 7, Name: "vh7"}

	out, err := r.Command(t.Context(), h, append([]string{"printf", `%s\0`}, oddArgs...)...)
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
	if diff := cmp.Diff(oddArgs, got); diff != "" {
		t.Errorf("arguments (-want +got):\n%s", diff)
	}

	sockets, err := os.ReadDir(r.controlDir)
	if err != nil || len(sockets) != 1 {
		t.Errorf("control sockets: %v, %v; want the one of a shared connection", sockets, err)
	}
	content := bytes.Repeat([]byte("0123456789abcdef"), 1<<16)
	path := filepath.Join(t.TempDir(), "file")
	if err := r.Put(t.Context(), h, bytes.NewReader(content), path); err != nil {
		t.Fatal(err)
	}
	if back, err := os.ReadFile(path); err != nil || !bytes.Equal(back, content) {
		t.Errorf("Put wrote %d bytes, %v; want %d", len(back), err, len(content))
	}
	_, err = r.Script(t.Context(), h, "exit 3")
	var exit *ExitError
	if !errors.As(err, &exit) || exit.Status != 3 {
		t.Errorf("error %v, want status 3", err)
	}
	cancelKillsAll(t, r, h)
}
