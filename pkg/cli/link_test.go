package cli_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/pkg/cli"
)

func TestLinkMakesEveryNameOnce(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "bin")
	for range 2 { // the second time changes nothing
		if err := cli.Link(dir, "/opt/renkei/bin/renkei", "rvpevm", "vmkiller"); err != nil {
			t.Fatal(err)
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	want := []string{
		"oneacct", "oneacl", "onebackupjob", "onecluster", "onedatastore", "onegroup", "onehook", "onehost",
		"oneimage", "onemarket", "onemarketapp", "onesecgroup", "oneshowback", "onetemplate", "oneuser", "onevdc",
		"onevm", "onevmgroup", "onevnet", "onevntemplate", "onevrouter", "onezone", "rvpevm", "vmkiller",
	}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("links (-want +got):\n%s", diff)
	}
	if target, err := os.Readlink(filepath.Join(dir, "onevm")); err != nil || target != "/opt/renkei/bin/renkei" {
		t.Errorf("onevm leads to %q, %v", target, err)
	}
}

func TestLinkFollowsAMovedProgram(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, binary := range []string{"/old/renkei", "/new/renkei"} {
		if err := cli.Link(dir, binary); err != nil {
			t.Fatal(err)
		}
	}
	if target, _ := os.Readlink(filepath.Join(dir, "oneuser")); target != "/new/renkei" {
		t.Errorf("oneuser leads to %q, want /new/renkei", target)
	}
}

func TestLinkLeavesOthersAlone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "onezone"), []byte("theirs"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := cli.Link(dir, "/opt/renkei/bin/renkei"); err == nil {
		t.Fatal("an installed onezone was taken over")
	}
	entries, _ := os.ReadDir(dir)
	if len(entries) != 1 {
		t.Errorf("%d files, want only the one that was there", len(entries))
	}
}
