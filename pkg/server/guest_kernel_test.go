package server_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/renkei-vpe/renkei/pkg/config"
)

// TestRealGuestBootsAKernelOfADatastore boots a kernel and an initrd from a file datastore,
// with the kernel parameters of the template, and a context CD with a file.
func TestRealGuestBootsAKernelOfADatastore(t *testing.T) {
	guest := os.Getenv("RENKEI_TEST_GUEST")
	if os.Getenv("RENKEI_TEST_LIBVIRT") != "1" || guest == "" {
		t.Skip("real guests: set RENKEI_TEST_LIBVIRT=1, and RENKEI_TEST_GUEST to a guest image")
	}
	disks := reachable(t)
	files := t.TempDir()
	note := filepath.Join(files, "note.txt")
	if err := os.WriteFile(note, []byte("from a file datastore\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	w := open(t, -1, func(c *config.Config) {
		c.Storage.Location = filepath.Join(disks, "datastores")
		c.Libvirt.ProbeKernel = guest + ".vmlinuz"
		beginVMsWith(t, c.Data, 990_000)
	})
	w.must(t, "one.datastore.update", 2, fmt.Sprintf("SAFE_DIRS=%q", filepath.Dir(guest)+" "+files), 1)
	w.must(t, "one.host.allocate", "localhost", "kvm", "kvm", -1)
	for name, made := range map[string]string{"kernel": "TYPE=KERNEL\nPATH=" + guest + ".vmlinuz", "note.txt": "TYPE=CONTEXT\nPATH=" + note} {
		id := w.must(t, "one.image.allocate", "NAME="+name+"\n"+made, 2)
		w.until(t, "one.image.info", id, "<STATE>1</STATE>")
	}
	w.until(t, "one.host.info", 0, "<STATE>2</STATE>")
	vm := w.must(t, "one.vm.allocate", kernelVM, false)
	w.until(t, "one.vm.info", vm, "<LCM_STATE>3</LCM_STATE>")
	dir := filepath.Join(disks, "datastores", "0", fmt.Sprint(vm))
	untilSays(t, filepath.Join(dir, "console.log"), "renkei.words=42")
	cd, err := os.ReadFile(filepath.Join(dir, "disk.0"))
	if err != nil || !strings.Contains(string(cd), "from a file datastore") {
		t.Errorf("the file is not on the CD: %v, %d bytes", err, len(cd))
	}
	w.must(t, "one.vm.action", "terminate-hard", vm)
	w.until(t, "one.vm.info", vm, "<STATE>6</STATE>")
}

const kernelVM = `NAME=kernel
CPU=0.2
MEMORY=160
OS=[MACHINE=pc, ARCH=x86_64, KERNEL_DS="$FILE[IMAGE=kernel]", KERNEL_CMD="console=ttyS0 renkei.words=42"]
CONTEXT=[SET_HOSTNAME=kernel, FILES_DS="$FILE[IMAGE=\"note.txt\"]"]`

// untilSays waits until a log contains a text.
func untilSays(t *testing.T, log, words string) {
	t.Helper()
	for deadline := time.Now().Add(120 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		text, err := os.ReadFile(log)
		if err == nil && strings.Contains(string(text), words) {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("the log lacks %q: %v\n%s", words, err, text)
		}
	}
}
