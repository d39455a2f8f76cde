package vm

import (
	"slices"
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// contextOf completes the CONTEXT of a new VM. It has no variables for AUTO NICs, which have no
// networks yet.
func contextOf(tx *store.Tx, s Settings, v *VM) error {
	isAuto := func(nic *attr.Attr) bool { return mode(nic) == "AUTO" }
	return completeContext(tx, s, v, slices.DeleteFunc(v.nics(), isAuto))
}

// completeContext replaces the variables in CONTEXT and adds variables for NICs (NETWORK=YES),
// files, access to OneGate and attributes of the virtual router (VirtualMachine::parse_context).
func completeContext(r store.Reader, s Settings, v *VM, nics []*attr.Attr) error {
	c := v.Template.Vector("CONTEXT")
	if c == nil {
		return nil
	}
	files := c.Get("FILES_DS")
	c.Del("FILES_DS")
	if err := substituteContext(r, v, c); err != nil {
		return err
	}
	networkContext(r, nics, c)
	if err := fileContext(r, v, c, files); err != nil {
		return err
	}
	if err := tokenContext(s, v, c); err != nil {
		return err
	}
	for _, name := range []string{"VROUTER_ID", "VROUTER_KEEPALIVED_ID", "VROUTER_KEEPALIVED_PASSWORD"} {
		if value := v.Template.Get(name); value != "" {
			c.Set(name, value)
		}
	}
	return nil
}

// tokenContext adds the attributes for OneGate if TOKEN=YES.
func tokenContext(s Settings, v *VM, c *attr.Attr) error {
	if wants, _ := c.Bool("TOKEN"); !wants {
		return nil
	}
	if s.OneGateEndpoint == "" {
		return bad("TOKEN set, but onegate endpoint was not defined in oned.conf.")
	}
	c.Set("ONEGATE_ENDPOINT", s.OneGateEndpoint)
	c.Set("VMID", strconv.Itoa(v.ID))
	v.Template.Set("CREATED_BY", strconv.Itoa(v.UID))
	return nil
}
