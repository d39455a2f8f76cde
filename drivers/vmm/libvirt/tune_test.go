package libvirt_test

import (
	"strings"
	"testing"

	lv "libvirt.org/go/libvirt"

	"github.com/renkei-vpe/renkei/drivers"
)

// TestTuneNIC sets limits of a running domain's NIC, and removes them.
func TestTuneNIC(t *testing.T) {
	needLibvirt(t)
	d := newTestDriver(t)
	defer d.Close()
	v := testVM(t, 990)
	h := d.On(testHost)
	if _, err := h.Deploy(t.Context(), v); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ set, want string }{
		{"INBOUND_AVG_BW", "<inbound average='77'"},
		{"", ""},
	} {
		nic := v.Template.Vector("NIC")
		nic.Del("INBOUND_AVG_BW")
		if tt.set != "" {
			nic.Set(tt.set, "77")
		}
		if err := h.(drivers.NICTuner).TuneNIC(t.Context(), v, 0); err != nil {
			t.Fatalf("with %q: %v", tt.set, err)
		}
		if got := domainXML(t, "one-990"); strings.Contains(got, "<inbound") != (tt.want != "") || !strings.Contains(got, tt.want) {
			t.Errorf("with %q: the domain is\n%s", tt.set, got)
		}
	}
	if err := h.Destroy(t.Context(), v); err != nil {
		t.Error(err)
	}
}

// domainXML is the XML of a domain.
func domainXML(t *testing.T, name string) string {
	t.Helper()
	c, err := lv.NewConnect(testURI)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	dom, err := c.LookupDomainByName(name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = dom.Free() }()
	text, err := dom.GetXMLDesc(0)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
