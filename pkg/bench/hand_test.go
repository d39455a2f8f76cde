package bench

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"libvirt.org/go/libvirtxml"
)

// The copy of a domain shares only the image and the hardware with the original.
func TestDomainByHandIsIndependent(t *testing.T) {
	t.Parallel()
	cd := filepath.Join(t.TempDir(), "disk.1")
	if err := os.WriteFile(cd, []byte("context"), 0o600); err != nil {
		t.Fatal(err)
	}
	var d libvirtxml.Domain
	if err := d.Unmarshal(strings.ReplaceAll(domainOfVM, "CD", cd)); err != nil {
		t.Fatal(err)
	}
	o, err := (&Hand{Dir: t.TempDir()}).again(t.Context(), &d)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(o.file)
	if err != nil {
		t.Fatal(err)
	}
	for _, gone := range []string{"<uuid>", "metadata", "<name>one-5<", cd, "/vm/console.log"} {
		if strings.Contains(string(text), gone) {
			t.Errorf("the domain by hand still has %s:\n%s", gone, text)
		}
	}
	for _, kept := range []string{"<name>by-hand-of-one-5<", "02:00:0a:00:00:01", o.console, filepath.Join(o.dir, "disk.0")} {
		if !strings.Contains(string(text), kept) {
			t.Errorf("the domain by hand lacks %s:\n%s", kept, text)
		}
	}
	o.remove()
	if _, err := os.Stat(o.dir); !os.IsNotExist(err) {
		t.Errorf("its folder is left: %v", err)
	}
}

const domainOfVM = `<domain type='qemu'><name>one-5</name><uuid>ab2df6a6-6514-4a5d-95cf-569d094942a7</uuid>
<metadata><one:vm xmlns:one="http://opennebula.org/xmlns/libvirt/1.0"><one:id>5</one:id></one:vm></metadata>
<os><type>hvm</type></os>
<devices><disk type='file' device='cdrom'><source file='CD'/><target dev='hda'/></disk>
<interface type='bridge'><mac address='02:00:0a:00:00:01'/><source bridge='br0'/></interface>
<serial type='pty'><log file='/vm/console.log'/></serial></devices></domain>`
