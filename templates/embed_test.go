package templates_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/templates"
)

func TestLoadPrefersTheFolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	embedded, err := templates.Load(dir, templates.KVM)
	if err != nil || !strings.Contains(embedded, "FEATURES") {
		t.Fatalf("Load from an empty folder = %q, %v; want the embedded file", embedded, err)
	}
	if err := os.WriteFile(filepath.Join(dir, templates.KVM), []byte("MINE = 1"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := templates.Load(dir, templates.KVM); err != nil || got != "MINE = 1" {
		t.Errorf("Load = %q, %v; want the folder's file", got, err)
	}
	if _, err := templates.Load("", "unheard-of.conf"); err == nil {
		t.Error("Load of a name that does not exist: no error")
	}
}

// An unreadable file must not be replaced by the embedded one silently.
func TestLoadReportsAFileThatCannotBeRead(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, templates.KVM), 0o700); err != nil {
		t.Fatal(err)
	}
	if text, err := templates.Load(dir, templates.KVM); err == nil {
		t.Errorf("Load = %q, want an error", text)
	}
}

func TestEmbeddedDefaultsParse(t *testing.T) {
	t.Parallel()
	text, err := templates.Load("", templates.KVM)
	if err != nil {
		t.Fatal(err)
	}
	defaults, err := attr.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	if got := defaults.Vector("OS").Get("ARCH"); got != "x86_64" {
		t.Errorf("OS/ARCH = %q, want x86_64", got)
	}
}
