package probe_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/vmm/probe"
)

var host = drivers.Host{Name: "host01"}

const panicked = "[1.2] VFS: Unable to mount root fs on unknown-block(0,0)\n"

// machine is a host with an answer for each program, which counts calls.
type machine struct {
	answers map[string]string // by program; others fail
	asked   []string
	argv    []string // of the last call
}

func (m *machine) run(_ context.Context, _ drivers.Host, argv ...string) ([]byte, error) {
	m.asked, m.argv = append(m.asked, argv[0]), argv
	if out, ok := m.answers[argv[0]]; ok {
		return []byte(out), nil
	}
	return nil, errors.New("exit status 1")
}

func newProber(t *testing.T, s probe.Settings) *probe.Prober {
	t.Helper()
	p, err := probe.New(s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestType(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		answers map[string]string
		want    string
	}{
		"a kernel boots":       {map[string]string{"test": "", "find": "/boot/vmlinuz-6.1\n", "timeout": panicked}, "kvm"},
		"it takes for ever":    {map[string]string{"test": "", "find": "/boot/vmlinuz-6.1\n"}, "qemu"},
		"it stops too early":   {map[string]string{"test": "", "find": "/boot/vmlinuz-6.1\n", "timeout": "Linux version 6"}, "qemu"},
		"there is no kernel":   {map[string]string{"test": "", "find": ""}, "qemu"},
		"there is no /dev/kvm": {map[string]string{"find": "/boot/vmlinuz-6.1\n", "timeout": panicked}, "qemu"},
	} {
		m := &machine{answers: tc.answers}
		if got := newProber(t, probe.Settings{Run: m.run}).Type(t.Context(), host); got != tc.want {
			t.Errorf("%s: Type = %q, want %q", name, got, tc.want)
		}
	}
}

func TestTheNewestKernelIsBootedInTime(t *testing.T) {
	t.Parallel()
	m := &machine{answers: map[string]string{"test": "", "find": "/boot/vmlinuz-5.10\n/boot/vmlinuz-6.1\n", "timeout": panicked}}
	newProber(t, probe.Settings{Run: m.run, Timeout: 7 * time.Second}).Type(t.Context(), host)
	if !slices.Contains(m.argv, "/boot/vmlinuz-6.1") || !slices.Contains(m.argv, "7") {
		t.Errorf("ran %q, want kernel 6.1 and 7 seconds", m.argv)
	}
}

func TestTheResultIsCached(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	m := &machine{answers: map[string]string{"test": "", "find": "/boot/vmlinuz-6.1", "timeout": panicked}}
	p := newProber(t, probe.Settings{Run: m.run, CacheDir: dir})
	for range 3 {
		p.Type(t.Context(), host)
	}
	if got := newProber(t, probe.Settings{Run: m.run, CacheDir: dir}).Type(t.Context(), host); got != "kvm" {
		t.Errorf("Type after a restart = %q, want kvm", got)
	}
	if len(m.asked) != 3 {
		t.Errorf("ran %q, want one probe", m.asked)
	}
}

func TestResultsCanBeWrittenByHand(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "kvm-probe.host01"), []byte(" qemu \n"), 0o600); err != nil {
		t.Fatal(err)
	}
	m := &machine{}
	if got := newProber(t, probe.Settings{Run: m.run, CacheDir: dir}).Type(t.Context(), host); got != "qemu" {
		t.Errorf("Type = %q, want what the file says", got)
	}
	for _, kind := range []string{"kvm", "qemu"} {
		if got := newProber(t, probe.Settings{Run: m.run, Type: kind}).Type(t.Context(), host); got != kind {
			t.Errorf("Type = %q, want the setting %q", got, kind)
		}
	}
	if len(m.asked) != 0 {
		t.Errorf("ran %q, want nothing", m.asked)
	}
	if _, err := probe.New(probe.Settings{Type: "xen"}); err == nil {
		t.Error("New with type xen: no error")
	}
}

func TestACancelledProbeIsNotCached(t *testing.T) {
	t.Parallel()
	m := &machine{}
	p := newProber(t, probe.Settings{Run: m.run, CacheDir: t.TempDir()})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if got := p.Type(ctx, host); got != "qemu" {
		t.Errorf("Type = %q, want qemu", got)
	}
	m.answers = map[string]string{"test": "", "find": "/boot/vmlinuz-6.1", "timeout": panicked}
	if got := p.Type(t.Context(), host); got != "kvm" {
		t.Errorf("Type after it was called off = %q, want kvm", got)
	}
}
