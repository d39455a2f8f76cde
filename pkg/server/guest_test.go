package server_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/renkei-vpe/renkei/pkg/config"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/bolt"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// TestRealGuest runs a guest on this machine's libvirt, controlled over XML-RPC: boot, suspend,
// poweroff, disk-saveas, terminate.
func TestRealGuest(t *testing.T) {
	guest := os.Getenv("RENKEI_TEST_GUEST")
	if os.Getenv("RENKEI_TEST_LIBVIRT") != "1" || guest == "" {
		t.Skip("real guests: set RENKEI_TEST_LIBVIRT=1, and RENKEI_TEST_GUEST to a guest image")
	}
	disks := reachable(t)
	w := open(t, -1, func(c *config.Config) {
		c.Storage.Location = filepath.Join(disks, "datastores")
		c.Libvirt.ProbeKernel = guest + ".vmlinuz"
		beginVMsWith(t, c.Data, 980_000)
	})
	w.registerGuest(t, guest)
	vm := w.must(t, "one.vm.allocate", realVM, false)
	w.until(t, "one.vm.info", vm, "<LCM_STATE>3</LCM_STATE>")
	dir := filepath.Join(disks, "datastores", "0", fmt.Sprint(vm))
	untilUp(t, filepath.Join(dir, "console.log"))

	w.must(t, "one.vm.updateconf", vm, `CONTEXT=[TOLD="while it runs"]`, 1)
	w.until(t, "one.vm.info", vm, "<LCM_STATE>3</LCM_STATE>")
	if cd, err := os.ReadFile(filepath.Join(dir, "disk.1")); err != nil || !strings.Contains(string(cd), "TOLD='while it runs'") {
		t.Errorf("the context CD lacks the change of updateconf: %v", err)
	}

	w.backUpRunning(t, vm, dir)

	for _, step := range []struct{ action, state string }{
		{"suspend", "<STATE>5</STATE>"}, {"resume", "<LCM_STATE>3</LCM_STATE>"},
		{"poweroff", "<STATE>8</STATE>"}, {"resume", "<LCM_STATE>3</LCM_STATE>"},
		{"poweroff-hard", "<STATE>8</STATE>"},
	} {
		w.must(t, "one.vm.action", step.action, vm)
		w.until(t, "one.vm.info", vm, step.state)
	}
	saved := w.must(t, "one.vm.disksaveas", vm, 0, "saved", "", -1)
	w.until(t, "one.image.info", saved, "<STATE>1</STATE>")

	w.must(t, "one.vm.action", "terminate-hard", vm)
	w.until(t, "one.vm.info", vm, "<STATE>6</STATE>")
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("the folder of the VM is left: %v", err)
	}
	pool := w.until(t, "one.host.info", 0, "<RUNNING_VMS>0</RUNNING_VMS>")
	if !strings.Contains(pool, "<MEM_USAGE>0</MEM_USAGE>") {
		t.Errorf("the host still counts the VM: %s", pool)
	}
}

// backUpRunning takes full and incremental backups of the running guest, restores the disk from
// them, and checks it with qemu-img.
func (w world) backUpRunning(t *testing.T, vm int, dir string) {
	t.Helper()
	ds := w.must(t, "one.datastore.allocate", "NAME=backups\nDS_MAD=fs\nTYPE=BACKUP_DS", -1)
	w.must(t, "one.vm.updateconf", vm, "BACKUP_CONFIG=[MODE=INCREMENT,FS_FREEZE=SUSPEND]", 1)
	w.until(t, "one.vm.info", vm, "<LCM_STATE>3</LCM_STATE>")
	for n, kind := range []string{"FULL", "INCREMENT", "INCREMENT"} {
		w.must(t, "one.vm.backup", vm, ds, false)
		w.until(t, "one.vm.info", vm, fmt.Sprintf("<LAST_INCREMENT_ID><![CDATA[%d]]>", n))
		w.until(t, "one.vm.info", vm, "<LCM_STATE>3</LCM_STATE>")
		w.until(t, "one.image.info", 1, fmt.Sprintf("<ID><![CDATA[%d]]></ID><PARENT_ID><![CDATA[%d]]></PARENT_ID>", n, n-1))
		if doc := w.until(t, "one.image.info", 1, "<STATE>1</STATE>"); !strings.Contains(doc, "<TYPE><![CDATA["+kind+"]]></TYPE>") {
			t.Errorf("the backup lacks a part of type %s: %s", kind, doc)
		}
	}
	answer, err := w.Call(t.Context(), "one.image.restore", 1, 1, "")
	if err != nil {
		t.Fatal(err)
	}
	_, image, _ := strings.Cut(answer.Text, " ")
	id, err := strconv.Atoi(strings.TrimSpace(image))
	if err != nil {
		t.Fatalf("restoring answers %q", answer.Text)
	}
	doc := w.until(t, "one.image.info", id, "<STATE>1</STATE>")
	_, source, _ := strings.Cut(doc, "<SOURCE><![CDATA[")
	source, _, _ = strings.Cut(source, "]]>")
	if out, err := exec.Command("qemu-img", "check", source).CombinedOutput(); err != nil {
		t.Errorf("the restored disk %s: %v: %s", source, err, out)
	}
	if left, err := os.Stat(filepath.Join(dir, "backup")); err == nil {
		t.Errorf("%s is left in the VM's folder", left.Name())
	}
	w.must(t, "one.vm.updateconf", vm, "BACKUP_CONFIG=[MODE=FULL]", 1)
	w.until(t, "one.vm.info", vm, "<LCM_STATE>3</LCM_STATE>")
	w.cancelBackup(t, vm, ds, dir)
}

// cancelBackup cancels a backup: the guest goes on, no files are left, and the next backup
// works.
func (w world) cancelBackup(t *testing.T, vm, ds int, dir string) {
	t.Helper()
	w.must(t, "one.vm.backup", vm, ds, false)
	w.must(t, "one.vm.backupcancel", vm)
	w.until(t, "one.vm.info", vm, "<LCM_STATE>3</LCM_STATE>")
	if _, err := os.Stat(filepath.Join(dir, "backup")); err == nil {
		t.Error("files of a cancelled backup are left")
	}
	w.must(t, "one.vm.backup", vm, ds, true)
	w.until(t, "one.image.info", 3, "<STATE>1</STATE>")
	w.until(t, "one.vm.info", vm, "<LCM_STATE>3</LCM_STATE>")
	if doc := w.until(t, "one.vm.info", vm, "<BACKUP_IDS>"); strings.Contains(doc, "BACKUP: ") {
		t.Errorf("the backup after that failed: %s", doc)
	}
}

// realVM is a VM of machine type pc, as the guest has no driver for the CD-ROM of q35.
const realVM = `NAME=real
CPU=0.2
MEMORY=160
OS=[MACHINE=pc, ARCH=x86_64]
DISK=[IMAGE=guest]
CONTEXT=[SET_HOSTNAME=real]`

// reachable makes a folder that QEMU's user can read.
func reachable(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/var/tmp", "renkei-guest-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o711); err != nil {
		t.Fatal(err)
	}
	return dir
}

// beginVMsWith sets the first VM ID of a new data folder: domains are named after IDs, and
// other servers on this machine have VMs as well. Domains that a failed test leaves are
// destroyed at its end.
func beginVMsWith(t *testing.T, data string, id int) {
	t.Helper()
	t.Cleanup(func() { endDomains(t, id) })
	if err := os.MkdirAll(data, 0o711); err != nil {
		t.Fatal(err)
	}
	file, err := bolt.Open(filepath.Join(data, "renkei.db"))
	if err != nil {
		t.Fatal(err)
	}
	st, err := store.Open(store.Options{Log: file})
	if err != nil {
		t.Fatal(err)
	}
	err = st.Update(t.Context(), func(tx *store.Tx) error { tx.Next(vm.Kind.Table.Name(), id); return nil })
	if err := errors.Join(err, st.Close()); err != nil {
		t.Fatal(err)
	}
}

// endDomains destroys what a failed test has left.
func endDomains(t *testing.T, first int) {
	t.Helper()
	for _, name := range domains(t, first) {
		_ = exec.Command("virsh", "-q", "-c", "qemu:///system", "destroy", name).Run() // fails if it is not running
		_ = exec.Command("virsh", "-q", "-c", "qemu:///system", "undefine", name).Run()
	}
}

// domains lists the domains of a test, whose VM IDs begin with first.
func domains(t *testing.T, first int) (list []string) {
	t.Helper()
	out, err := exec.Command("virsh", "-q", "-c", "qemu:///system", "list", "--all", "--name").Output()
	if err != nil {
		t.Errorf("listing domains: %v", err)
	}
	for name := range strings.FieldsSeq(string(out)) {
		if id, err := strconv.Atoi(strings.TrimPrefix(name, "one-")); err == nil && id >= first && id < first+10_000 {
			list = append(list, name)
		}
	}
	return list
}

// registerGuest registers this machine as a host, and the guest's image.
func (w world) registerGuest(t *testing.T, guest string) {
	t.Helper()
	copied, err := os.CreateTemp("/var/tmp", "renkei-guest-*.qcow2")
	if err != nil {
		t.Fatal(err)
	}
	defer os.Remove(copied.Name())
	from, err := os.Open(guest)
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	if _, err := io.Copy(copied, from); err != nil {
		t.Fatal(err)
	}
	if err := copied.Close(); err != nil {
		t.Fatal(err)
	}
	w.must(t, "one.host.allocate", "localhost", "kvm", "kvm", -1)
	image := w.must(t, "one.image.allocate", "NAME=guest\nTYPE=OS\nDEV_PREFIX=vd\nPATH="+copied.Name(), 1)
	w.until(t, "one.image.info", image, "<STATE>1</STATE>")
	w.until(t, "one.host.info", 0, "<STATE>2</STATE>")
}

// must makes a call that has to succeed, and answers the ID.
func (w world) must(t *testing.T, method string, args ...any) int {
	t.Helper()
	answer, err := w.Call(context.Background(), method, args...)
	if err != nil {
		t.Fatalf("%s %v: %v", method, args, err)
	}
	return answer.ID
}

// untilUp waits until the guest has written to its console that it is up.
func untilUp(t *testing.T, log string) {
	t.Helper()
	deadline := time.Now().Add(90 * time.Second)
	for {
		text, err := os.ReadFile(log)
		if err == nil && strings.Contains(string(text), "GUEST-UP") {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("the guest has not written that it is up: %v\n%s", err, text)
		}
		time.Sleep(50 * time.Millisecond)
	}
}
