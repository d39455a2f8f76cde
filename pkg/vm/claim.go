package vm

import (
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// take removes a single attribute from USER_TEMPLATE and returns its value.
func take(v *VM, name string) string {
	value := v.User.Get(name)
	v.User.Del(name)
	return value
}

// claim moves all attributes of these names from USER_TEMPLATE to TEMPLATE.
func claim(v *VM, names ...string) {
	for _, name := range names {
		v.Template.Move(&v.User, name)
	}
}

// claimVectors does so for attributes that have to be vectors, and deletes those that are not.
func claimVectors(v *VM, name string) []*attr.Attr {
	v.User.DelFunc(func(a *attr.Attr) bool { return a.Name == name && !a.IsVector })
	claim(v, name)
	return v.Template.Vectors(name)
}

// claimWellKnown moves attributes that need no validation here
// (VirtualMachine::parse_well_known_attributes).
func claimWellKnown(_ *store.Tx, _ Settings, v *VM) error {
	claim(v, "INPUT", "RAW", "CLONING_TEMPLATE_ID", "TOPOLOGY", "NUMA_NODE", "HYPERV_OPTIONS", "SPICE_OPTIONS",
		"CREATED_BY")
	for _, name := range []string{"VROUTER_ID", "VROUTER_KEEPALIVED_ID", "VROUTER_KEEPALIVED_PASSWORD"} {
		if value := take(v, name); value != "" {
			v.Template.Set(name, value)
		}
	}
	if v.User.Get("EMULATOR") != "" {
		v.Template.Set("EMULATOR", take(v, "EMULATOR"))
	}
	if tm := take(v, "TM_MAD_SYSTEM"); tm != "" {
		v.Template.Set("TM_MAD_SYSTEM", tm)
	}
	return nil
}
