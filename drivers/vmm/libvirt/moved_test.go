package libvirt

import "testing"

// TestSavedDisksAreWhereTheVMIs: after a move to another datastore, the paths in a checkpoint
// are outdated and have to be replaced.
func TestSavedDisksAreWhereTheVMIs(t *testing.T) {
	t.Parallel()
	const saved = "<disk><source file='/ds/0/7/disk.0' index='1'/></disk><disk><source file='/ds/0/7/disk.1'/></disk>" +
		"<disk><source file='/ds/0/70/disk.0'/></disk>"
	const there = "<disk><source file='/ds/101/7/disk.0' index='1'/></disk><disk><source file='/ds/101/7/disk.1'/></disk>" +
		"<disk><source file='/ds/0/70/disk.0'/></disk>"
	for dir, want := range map[string]string{"/ds/0/7": "", "/ds/101/7": there} {
		if got := moved(saved, dir); got != want {
			t.Errorf("in %s: got %q, want %q", dir, got, want)
		}
	}
	if got := moved("<domain><name>one-7</name></domain>", "/ds/101/7"); got != "" {
		t.Errorf("without disks: %q", got)
	}
}
