package vm

import (
	"slices"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/lifecycle"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// OwnNICs refuses VMs whose NICs belong to a virtual router.
func OwnNICs(r store.Reader, id int) error { return notRouters(r, id) }

// AttachNIC serves one.vm.attachnic, for the first NIC or NIC_ALIAS of the template.
func AttachNIC(tx *store.Tx, s Settings, c *one.Caller, id int, t attr.Template) error {
	if err := OwnNICs(tx, id); err != nil {
		return err
	}
	return AttachRouterNIC(tx, s, c, id, t)
}

// AttachRouterNIC attaches a NIC for the virtual router of the VM, which alone may do that.
func AttachRouterNIC(tx *store.Tx, s Settings, c *one.Caller, id int, t attr.Template) error {
	v, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	given, why := t.Vector("NIC"), Cause{By: c}
	if given == nil {
		given, why.As = t.Vector("NIC_ALIAS"), one.ActionAliasAttach
	}
	if given != nil {
		if err := affordableWith(tx, s, v, *given); err != nil {
			return ofCaller(c, err)
		}
	}
	ev := nicEvent(s, v, lifecycle.AttachNIC, lifecycle.AttachNICCold)
	if err := allowed(v, ev); err != nil {
		return err
	}
	if given == nil {
		return one.Errorf(one.CodeAction, "Wrong format or missing NIC/NIC_ALIAS/PCI attribute")
	}
	nic, nicID := given.Clone(), nextNICID(v)
	network.Pin(tx, c.UID, &nic)
	if err := addNIC(tx, s, v, nic, nicID); err != nil {
		return one.Errorf(one.CodeAction, "%v", err)
	}
	why.Args = effect.Args{ArgNIC: decimal(nicID)}
	if callsDriver(v, ev) {
		v.NIC(nicID).Set(underWay, "YES")
		renewNetworkContext(tx, v) // that of a VM without a driver, when it boots
	}
	return ofCaller(c, Fire(tx, s, v, ev, why))
}

// nicEvent returns cold if the driver has to be called for NICs of a powered-off VM, else usual.
func nicEvent(s Settings, v *VM, usual, cold lifecycle.Event) lifecycle.Event {
	if v.State == one.VMPoweroff && s.driver(v).ColdNICAttach {
		return cold
	}
	return usual
}

// callsDriver tells whether the driver is called. If not, only the template changes.
func callsDriver(v *VM, ev lifecycle.Event) bool {
	return v.State != one.VMPoweroff || ev == lifecycle.AttachNICCold || ev == lifecycle.DetachNICCold
}

func nextNICID(v *VM) int {
	next := 0
	for _, nic := range v.nics() {
		next = max(next, nicID(nic)+1)
	}
	return next
}

// addNIC completes a NIC and adds it to the template, with its security group rules.
func addNIC(tx *store.Tx, s Settings, v *VM, nic attr.Attr, id int) error {
	if nic.Name == "NIC_ALIAS" && parentOf(v, &nic) == nil {
		return bad("Alias not found.")
	}
	nic.Merge(v.Template.Vector("NIC_DEFAULT"), false) // oned does this for an alias here, but not in a new VM
	take := takeNIC
	if nic.Name == "NIC_ALIAS" {
		take = takeAlias
	}
	if err := take(tx, s, v, &nic, id); err != nil {
		return err
	}
	if clusters, of := nic.Lookup("CLUSTER_ID"); of && !slices.Contains(splitIDs(clusters), v.Last().ClusterID) { // an empty CLUSTER_ID is an error, too
		return bad("Virtual network is not part of cluster [%d]", v.Last().ClusterID)
	}
	v.Template.Add(nic)
	groupRules(tx, v)
	return nil
}

// DetachNIC serves one.vm.detachnic. If the driver need not be called, the NIC is removed
// immediately.
func DetachNIC(tx *store.Tx, s Settings, c *one.Caller, id, nicID int) error {
	if err := OwnNICs(tx, id); err != nil {
		return err
	}
	return DetachRouterNIC(tx, s, c, id, nicID)
}

// DetachRouterNIC detaches a NIC for the virtual router of the VM.
func DetachRouterNIC(tx *store.Tx, s Settings, c *one.Caller, id, nicID int) error {
	v, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	ev := nicEvent(s, v, lifecycle.DetachNIC, lifecycle.DetachNICCold)
	if err := allowed(v, ev); err != nil {
		return err
	}
	nic := v.NIC(nicID)
	if nic == nil {
		return one.Errorf(one.CodeAction, "Could not detach NIC with NIC_ID %d, it does not exist.", nicID)
	}
	why := Cause{By: c, Args: effect.Args{ArgNIC: decimal(nicID)}}
	if nic.Name == "NIC_ALIAS" {
		why.As = one.ActionAliasDetach
	}
	if callsDriver(v, ev) {
		nic.Set(underWay, "YES")
	} else {
		forgetNIC(tx, v, nicID)
	}
	return Fire(tx, s, v, ev, why)
}

// WithoutNIC returns a copy of a VM without a NIC.
func WithoutNIC(r store.Reader, v *VM, id int) *VM {
	later := v.Clone()
	forgetNIC(r, later, id)
	return later
}

// forgetNIC removes a NIC with its aliases, rules and context. put releases the leases.
func forgetNIC(r store.Reader, v *VM, id int) {
	nic := v.NIC(id)
	if nic == nil {
		return
	}
	for _, alias := range splitIDs(nic.Get("ALIAS_IDS")) {
		forgetNIC(r, v, alias)
	}
	nic = v.NIC(id) // removing aliases may have moved it in the template
	clearNetworkContext(v, nic)
	if parent := v.NIC(idOf(nic, "PARENT_ID")); nic.Name == "NIC_ALIAS" && parent != nil {
		ids := slices.DeleteFunc(splitIDs(parent.Get("ALIAS_IDS")), func(n int) bool { return n == id })
		parent.Del("ALIAS_IDS")
		if len(ids) > 0 {
			parent.Set("ALIAS_IDS", joinIDs(ids))
		}
	}
	forget(v, nic.Name, "NIC_ID", id)
	groupRules(r, v)
}
