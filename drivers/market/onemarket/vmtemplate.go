package onemarket

import (
	"encoding/json"

	"github.com/renkei-vpe/renkei/pkg/attr"
)

const aarch64 = "aarch64"

// armOS is what guests on ARM need in their OS.
var armOS = []attr.Pair{
	{Key: "ARCH", Value: aarch64},
	{Key: "FIRMWARE", Value: "/usr/share/AAVMF/AAVMF_CODE.fd"},
	{Key: "FIRMWARE_SECURE", Value: "no"},
	{Key: "MACHINE", Value: "virt"},
}

// template is the template of a VM, which the appliance has as JSON in a string. It
// only runs on hosts with the appliance's hypervisor and, on ARM, of its architecture.
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

// fromJSON makes attributes of members: a vector of an object, and one attribute of
// each item of a list. What is empty is left out.
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

func vector(name string, o ordered) attr.Attr {
	v := attr.NewVector(name)
	for _, m := range o {
		if value := m.text(); value != "" {
			v.Set(m.key, value)
		}
	}
	return v
}
