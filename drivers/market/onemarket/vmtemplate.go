package onemarket

import (
	"encoding/json"

	"github.com/renkei-vpe/renkei/pkg/attr"
)

const aarch64 = "aarch64"

// armOS are the OS attributes that VMs need on ARM hosts.
var armOS = []attr.Pair{
	{Key: "ARCH", Value: aarch64},
	{Key: "FIRMWARE", Value: "/usr/share/AAVMF/AAVMF_CODE.fd"},
	{Key: "FIRMWARE_SECURE", Value: "no"},
	{Key: "MACHINE", Value: "virt"},
}

// template returns the VM template of the appliance, which is a string with JSON. Its
// SCHED_REQUIREMENTS select hosts with the appliance's hypervisor and, for ARM, its architecture.
func (a appliance) template() attr.Template {
	if a.Template == "" {
		return nil
	}
	var given ordered
	if json.Unmarshal([]byte(a.Template), &given) != nil || given == nil {
		return nil
	}
	t := fromJSON(given)
	needs := "HYPERVISOR=" + a.hypervisor()
	if a.arch() == aarch64 {
		needs += " & ARCH=" + aarch64
		os := attr.NewVector("OS")
		if own := t.Vectors("OS"); len(own) > 0 {
			os = own[0].Clone()
		}
		for _, p := range armOS {
			os.Set(p.Key, p.Value)
		}
		t.Del("OS")
		t.Add(os)
	}
	if own := t.Get("SCHED_REQUIREMENTS"); own != "" {
		needs = own + " & " + needs
	}
	t.Set("SCHED_REQUIREMENTS", needs)
	t.Set("HYPERVISOR", a.hypervisor())
	return t
}

// fromJSON converts a JSON object to a template: objects, also those in a list, become vector
// attributes. Empty values are left out.
func fromJSON(given ordered) (t attr.Template) {
	for _, m := range given {
		if value := m.text(); value != "" {
			t.Set(m.key, value)
		}
		for _, o := range m.objects() {
			if v := vector(m.key, o); len(v.Vector) > 0 {
				t.Add(v)
			}
		}
	}
	return t
}

// vector converts a JSON object to a vector attribute.
func vector(name string, o ordered) attr.Attr {
	v := attr.NewVector(name)
	for _, m := range o {
		if value := m.text(); value != "" {
			v.Set(m.key, value)
		}
	}
	return v
}
