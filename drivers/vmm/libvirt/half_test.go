package libvirt_test

import (
	"fmt"
	"strings"
	"testing"

	lv "libvirt.org/go/libvirt"

	"github.com/renkei-vpe/renkei/drivers"
)

const otherDomain = `<domain type="test"><name>%s</name><memory>8192</memory><os><type>hvm</type></os></domain>`

func define(t *testing.T, name string) *lv.Connect {
	t.Helper()
	c, err := lv.NewConnect(testURI)
	if err != nil {
		t.Fatal(err)
	}
	dom, err := c.DomainDefineXML(fmt.Sprintf(otherDomain, name))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		dom.Free()
		c.Close()
	})
	return c
}

// A server that was killed between defining and starting a domain leaves this.
func TestDeployFinishesWhatWasOnlyDefined(t *testing.T) {
	needLibvirt(t)
	d := newTestDriver(t)
	defer d.Close()
	vm := testVM(t, 7001)
	c := define(t, "one-7001")
	hv := d.On(testHost)
	if id, err := hv.Deploy(t.Context(), vm); err != nil || id != "one-7001" {
		t.Fatalf("Deploy = %q, %v", id, err)
	}
	dom, err := c.LookupDomainByName("one-7001")
	if err != nil {
		t.Fatal(err)
	}
	defer dom.Free()
	text, err := dom.GetXMLDesc(0)
	if err != nil || !strings.Contains(text, "disk.0") {
		t.Errorf("the domain is not the one of the VM: %v\n%s", err, text)
	}
	if err := hv.Destroy(t.Context(), vm); err != nil {
		t.Error(err)
	}
}

func TestDomainsOfOthersAreSeenAndLeftAlone(t *testing.T) {
	needLibvirt(t)
	d := newTestDriver(t)
	defer d.Close()
	ds, err := d.On(testHost).Poll(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, dom := range ds {
		if dom.DeployID == "test" { // in libvirt's test driver
			if dom.VMID != -1 || dom.State != drivers.DomainRunning {
				t.Errorf("the domain of somebody else is %+v", dom)
			}
			return
		}
	}
	t.Errorf("Poll = %+v, want the domain of somebody else among them", ds)
}

// A template that cannot become a domain leaves none behind.
func TestARefusedDeployLeavesNothing(t *testing.T) {
	needLibvirt(t)
	d := newTestDriver(t)
	defer d.Close()
	vm := testVM(t, 7002)
	vm.Template.Set("MEMORY", "plenty")
	hv := d.On(testHost)
	if _, err := hv.Deploy(t.Context(), vm); err == nil || !strings.Contains(err.Error(), "MEMORY") {
		t.Errorf("Deploy = %v, want an error about MEMORY", err)
	}
	ds, err := hv.Poll(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, dom := range ds {
		if dom.VMID == vm.ID {
			t.Errorf("Poll has %+v", dom)
		}
	}
}
