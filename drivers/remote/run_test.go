package remote

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/drivers"
)

var oddArgs = []string{
	"", " ", "a b", "it's", `"`, `\`, "$HOME", "`id`", "$(id)", "*", "~", "a\nb", "-n", "!x", "é日本", "#", "\t", "a=b", "&", "''", `\'`, "%s",
}

func TestArgumentsArriveAsGiven(t *testing.T) {
	onBoth(t, func(t *testing.T, h drivers.Host) {
		r := newRunner(t, Config{})
		out, err := r.Command(t.Context(), h, append([]string{"printf", `%s\0`}, oddArgs...)...)
		if err != nil {
			t.Fatal(err)
		}
		got := strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
		if diff := cmp.Diff(oddArgs, got); diff != "" {
			t.Errorf("arguments (-want +got):\n%s", diff)
		}
	})
}

func TestStdinArrives(t *testing.T) {
	onBoth(t, func(t *testing.T, h drivers.Host) {
		r := newRunner(t, Config{})
		out, err := r.Run(t.Context(), h, Cmd{Args: []string{"tr", "a-z", "A-Z"}, Stdin: strings.NewReader("hello")})
		if err != nil || string(out) != "HELLO" {
			t.Errorf("Run = %q, %v; want HELLO", out, err)
		}
	})
}

func TestFailureTellsStatusAndComplaint(t *testing.T) {
	onBoth(t, func(t *testing.T, h drivers.Host) {
		r := newRunner(t, Config{})
		_, err := r.Script(t.Context(), h, `echo "no space for $1" >&2; exit 7`, "disk.0")
		var exit *ExitError
		if !errors.As(err, &exit) || exit.Status != 7 || exit.Stderr != "no space for disk.0" {
			t.Fatalf("error %v, want status 7 and its complaint", err)
		}
		if !strings.Contains(err.Error(), exit.Host) || !strings.Contains(err.Error(), exit.Stderr) {
			t.Errorf("text %q names neither host nor complaint", err)
		}
	})
}

func TestScriptStopsAtFirstFailure(t *testing.T) {
	onBoth(t, func(t *testing.T, h drivers.Host) {
		r := newRunner(t, Config{})
		out, err := r.Script(t.Context(), h, "echo one\nfalse\necho two")
		if err == nil || string(out) != "one\n" {
			t.Errorf("Script = %q, %v; want one line and an error", out, err)
		}
	})
}

func TestOutputIsBounded(t *testing.T) {
	onBoth(t, func(t *testing.T, h drivers.Host) {
		r := newRunner(t, Config{MaxOutput: 1000})
		_, err := r.Script(t.Context(), h, `while :; do echo "$1"; done`, strings.Repeat("x", 90))
		if err == nil || !strings.Contains(err.Error(), "more than 1000 bytes") {
			t.Errorf("error %v, want one about too much output", err)
		}
	})
}

func TestCancelKillsAll(t *testing.T) {
	onBoth(t, func(t *testing.T, h drivers.Host) { cancelKillsAll(t, newRunner(t, Config{}), h) })
}

// cancelKillsAll has a command and its child hold a pipe open, which is closed when both have
// ended.
func cancelKillsAll(t *testing.T, r *Runner, h drivers.Host) {
	t.Helper()
	fifo := filepath.Join(t.TempDir(), "alive")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	done := make(chan error, 1)
	go func() {
		_, err := r.Script(ctx, h, `exec >"$1"; echo up; sleep 1000 & sleep 1000`, fifo)
		done <- err
	}()
	alive, err := os.Open(fifo)
	if err != nil {
		t.Fatal(err)
	}
	defer alive.Close()
	if _, err := io.ReadFull(alive, make([]byte, len("up\n"))); err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("Script = %v, want context.Canceled", err)
	}
	if rest, err := io.ReadAll(alive); err != nil || len(rest) > 0 {
		t.Errorf("after the kill: %q, %v", rest, err)
	}
}

func TestUnreachableHostIsTold(t *testing.T) {
	t.Parallel()
	r := newRunner(t, Config{})
	_, err := r.Command(t.Context(), drivers.Host{Name: "unreachable"}, "true")
	var exit *ExitError
	if !errors.As(err, &exit) || !exit.Unreachable() || !strings.Contains(err.Error(), "no route") {
		t.Errorf("error %v, want unreachable with ssh's own words", err)
	}
}

func TestHostNamesCannotBeOptions(t *testing.T) {
	t.Parallel()
	r := newRunner(t, Config{})
	for _, name := range []string{"", "-oProxyCommand=touch /tmp/x", "a b", "a\nb"} {
		if _, err := r.Command(t.Context(), drivers.Host{Name: name}, "true"); err == nil {
			t.Errorf("host name %q was taken", name)
		}
	}
}

func TestMissingProgramIsNamed(t *testing.T) {
	onBoth(t, func(t *testing.T, h drivers.Host) {
		r := newRunner(t, Config{})
		_, err := r.Command(t.Context(), h, "renkei-no-such-program")
		if err == nil || !strings.Contains(err.Error(), "renkei-no-such-program") {
			t.Errorf("error %v does not name the program", err)
		}
	})
}

func TestControlDirIsOursAndRemoved(t *testing.T) {
	t.Parallel()
	if _, err := New(Config{ControlDir: filepath.Join(t.TempDir(), strings.Repeat("x", 80))}); err == nil {
		t.Error("a folder too long for sockets was accepted")
	}
	r, err := New(Config{SSH: fakeSSH(t)})
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(r.controlDir)
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Fatalf("control folder: %v, %v; want mode 0700", info.Mode(), err)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(r.controlDir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("control folder after Close: %v", err)
	}
}

func TestStdoutStreams(t *testing.T) {
	onBoth(t, func(t *testing.T, h drivers.Host) {
		r := newRunner(t, Config{MaxOutput: 10})
		var out bytes.Buffer
		if _, err := r.Run(t.Context(), h, Cmd{Args: []string{"seq", "1000"}, Stdout: &out}); err != nil {
			t.Fatal(err)
		}
		if lines := strings.Count(out.String(), "\n"); lines != 1000 {
			t.Errorf("%d lines, want 1000", lines)
		}
	})
}
