package domxml_test

import (
	"encoding/xml"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/vmm/libvirt/domxml"
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/templates"
)

var update = flag.Bool("update", false, "rewrite the expected parts of testdata")

// Each archive has a VM's template and the expected want.xml or want.error. With the file
// "emulated" the domain type is qemu.
func TestGolden(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no testdata: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			golden(t, file)
		})
	}
}

func golden(t *testing.T, file string) {
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	parts := make(map[string]string)
	for _, f := range archive.Files {
		parts[f.Name] = string(f.Data)
	}
	got := txtar.File{Name: "want.xml"}
	text, err := build(t, parts)
	if err != nil {
		got.Name, text = "want.error", err.Error()
	}
	got.Data = []byte(text + "\n")
	if *update {
		rewrite(t, file, archive, got)
		return
	}
	if diff := cmp.Diff(parts[got.Name], string(got.Data)); diff != "" {
		t.Errorf("%s (-want +got; -update rewrites it):\n%s", got.Name, diff)
	}
}

func build(t *testing.T, parts map[string]string) (string, error) {
	b := builder(t)
	if _, ok := parts["emulated"]; ok {
		b.Type = domxml.QEMU
	}
	vm := drivers.VM{ID: 42, Name: "web & <server>", Dir: "/var/lib/one/datastores/0/42", Template: parse(t, parts["vm"])}
	return b.Domain(vm, drivers.Host{Name: "host01", Attrs: parse(t, parts["host"])})
}

func rewrite(t *testing.T, file string, a *txtar.Archive, got txtar.File) {
	kept := a.Files[:0]
	for _, f := range a.Files {
		if !strings.HasPrefix(f.Name, "want.") {
			kept = append(kept, f)
		}
	}
	a.Files = append(kept, got)
	if err := os.WriteFile(file, txtar.Format(a), 0o600); err != nil {
		t.Fatal(err)
	}
}

func builder(t *testing.T) domxml.Builder {
	text, err := templates.Load("", templates.KVM)
	if err != nil {
		t.Fatal(err)
	}
	return domxml.Builder{Type: domxml.KVM, Defaults: parse(t, text)}
}

func parse(t *testing.T, text string) attr.Template {
	t.Helper()
	parsed, err := attr.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// Whatever users write into attributes cannot change the structure of the document.
func TestTextOfUsersStaysText(t *testing.T) {
	t.Parallel()
	const evil = `x'"/><evil a="]]>&amp;<!--`
	vm := drivers.VM{ID: 1, Name: evil, Dir: "/ds/" + evil}
	vm.Template.Set("CPU", "1")
	vm.Template.Set("MEMORY", "64")
	pairs := func(keys ...string) (ps []attr.Pair) {
		for _, k := range keys {
			ps = append(ps, attr.Pair{Key: k, Value: evil})
		}
		return ps
	}
	disk := attr.NewVector("DISK", pairs("SERIAL", "CACHE", "IO", "DISCARD", "DRIVER")...)
	disk.Set("DISK_ID", "0")
	disk.Set("TARGET", "vda")
	vm.Template.Add(disk)
	vm.Template.Add(attr.NewVector("NIC", pairs("MAC", "BRIDGE", "TARGET", "MODEL", "IP", "FILTER", "SCRIPT")...))
	vm.Template.Add(attr.NewVector("OS", pairs("ARCH", "MACHINE", "KERNEL", "INITRD", "KERNEL_CMD", "ROOT", "UUID")...))
	vm.Template.Add(attr.NewVector("CPU_MODEL", pairs("MODEL", "FEATURES")...))
	graphics := attr.NewVector("GRAPHICS", pairs("LISTEN", "PASSWD", "KEYMAP")...)
	graphics.Set("TYPE", "vnc")
	vm.Template.Add(graphics)
	text, err := builder(t).Domain(vm, drivers.Host{})
	if err != nil {
		t.Fatal(err)
	}
	var tree struct{ XMLName xml.Name }
	if err := xml.Unmarshal([]byte(text), &tree); err != nil {
		t.Fatalf("not XML: %v\n%s", err, text)
	}
	if strings.Contains(text, "<evil") {
		t.Errorf("text became an element:\n%s", text)
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]int{
		"one-0": 0, "one-42": 42, "one-": -1, "one--1": -1, "one-042": -1, "one-4x": -1, "other": -1, "xone-4": -1,
	} {
		if got := domxml.VMID(name); got != want {
			t.Errorf("VMID(%q) = %d, want %d", name, got, want)
		}
	}
}

func TestDiskAndNICByID(t *testing.T) {
	t.Parallel()
	vm := drivers.VM{ID: 3, Dir: "/ds/0/3", Template: parse(t, `
		DISK = [ DISK_ID = 0, TARGET = vda ]
		DISK = [ DISK_ID = 2, TARGET = sdb ]
		CONTEXT = [ DISK_ID = 1, TARGET = hda ]
		NIC = [ NIC_ID = 5, BRIDGE = br0, MAC = "02:00:00:00:00:01" ]`)}
	b := builder(t)
	for id, target := range map[int]string{0: "vda", 1: "hda", 2: "sdb"} {
		d, err := b.Disk(vm, drivers.Host{}, id)
		if err != nil || d.Target.Dev != target {
			t.Errorf("Disk %d = %+v, %v; want target %s", id, d, err, target)
		}
	}
	if _, err := b.Disk(vm, drivers.Host{}, 9); err == nil {
		t.Error("Disk 9: no error")
	}
	if nic, err := b.NIC(vm, drivers.Host{}, 5); err != nil || nic.MAC.Address != "02:00:00:00:00:01" {
		t.Errorf("NIC 5 = %+v, %v", nic, err)
	}
	if _, err := b.NIC(vm, drivers.Host{}, 0); err == nil {
		t.Error("NIC 0: no error")
	}
}
