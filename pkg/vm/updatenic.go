package vm

import (
	"slices"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/lifecycle"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// mutableNIC are the attributes of a NIC that can be updated, as in oned
// (VirtualMachine::nic_update).
var mutableNIC = []string{
	"INBOUND_AVG_BW", "INBOUND_PEAK_BW", "INBOUND_PEAK_KB",
	"OUTBOUND_AVG_BW", "OUTBOUND_PEAK_BW", "OUTBOUND_PEAK_KB",
}

// UpdateNIC serves one.vm.updatenic. The driver is called if the VM is running; otherwise only
// the template changes.
func UpdateNIC(tx *store.Tx, s Settings, c *one.Caller, id, nicID int, t attr.Template, appendTo bool) error {
	if err := CheckUpdateNIC(tx, id, nicID); err != nil {
		return err
	}
	v, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	nic := v.NIC(nicID)
	blame := func(why string) error {
		return one.Errorf(one.CodeAction, "Error updating NIC (%d) for VM %d: %s", nicID, id, why)
	}
	if err := allowed(v, lifecycle.UpdateNIC); err != nil {
		return blame(err.Error())
	}
	given := t.Vector("NIC")
	if given == nil {
		return blame("Wrong NIC definition, attribute is missing")
	}
	old := attr.Template{nic.Clone()}
	if !changeNIC(nic, given, appendTo) {
		return nil // the driver need not be called
	}
	renewNetworkContext(tx, v)
	args := effect.Args{ArgNIC: decimal(nicID), argOldNIC: old.Text()}
	return Fire(tx, s, v, lifecycle.UpdateNIC, Cause{By: c, Args: args})
}

// CheckUpdateNIC checks whether a NIC can be updated. oned does this before it checks
// permissions.
func CheckUpdateNIC(r store.Reader, id, nicID int) error {
	v, err := Kind.Get(r, id)
	if err != nil {
		return err
	}
	if err := notRouter(v); err != nil {
		return err
	}
	switch nic := v.NIC(nicID); {
	case nic == nil:
		return one.Errorf(one.CodeAction, "VM %d: NIC %d does not exists", id, nicID)
	case nic.Name == "NIC_ALIAS":
		return one.Errorf(one.CodeAction, "Action not supported for NIC_ALIAS")
	}
	return nil
}

// changeNIC updates a NIC and tells whether it has changed.
func changeNIC(nic, given *attr.Attr, appendTo bool) bool {
	before := nic.Clone()
	for _, p := range given.Vector {
		if slices.Contains(mutableNIC, p.Key) {
			nic.Set(p.Key, p.Value)
		}
	}
	if !appendTo {
		for _, key := range mutableNIC {
			if !given.Has(key) {
				nic.Del(key)
			}
		}
	}
	return !nic.Equal(&before)
}

// restoreNIC restores a NIC after a failed update.
func restoreNIC(r store.Reader, v *VM) {
	old, err := attr.Parse(v.Doing[argOldNIC])
	nic := v.NIC(v.doing(ArgNIC))
	if err != nil || len(old) != 1 || nic == nil {
		return
	}
	*nic = old[0]
	renewNetworkContext(r, v)
}
