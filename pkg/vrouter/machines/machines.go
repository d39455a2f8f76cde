// Package machines has the rules by which virtual routers act on their VMs: VMs are made for a
// router, get its NICs, and are terminated with it.
package machines

import (
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/lifecycle"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/template"
	"github.com/renkei-vpe/renkei/pkg/vm"
	"github.com/renkei-vpe/renkei/pkg/vrouter"
)

// Settings derives the settings of routers from those of VMs.
func Settings(s vm.Settings) vrouter.Settings {
	return vrouter.Settings{Network: s.Network, Restricted: s.RestrictedOf("NIC")}
}

// Order has the arguments of one.vrouter.instantiate.
type Order struct {
	Router, Count int
	Template      int    // -1 for the template of the newest VMs
	Name          string // %i stands for the number of the VM; "" means vr-<router>-%i
	Hold          bool
	Extra         string // a template that is merged into the other
}

// Plan returns the VM template of an order, and that template merged with what the order and
// the router add.
func Plan(r store.Reader, s vm.Settings, c *one.Caller, o Order) (*template.Template, attr.Template, error) {
	router, err := vrouter.Kind.Get(r, o.Router)
	if err != nil {
		return nil, nil, err
	}
	if o.Template == -1 {
		o.Template = router.TemplateID()
	}
	if o.Template == -1 {
		return nil, nil, one.Errorf(one.CodeAction, "A template ID was not provided, and the virtual router does not have a default one")
	}
	if err := acl.Check(r, c, ask(vrouter.Kind, r, o.Router, one.Manage)...); err != nil {
		return nil, nil, err
	}
	origin, err := template.Kind.Get(r, o.Template)
	if err != nil {
		return nil, nil, err
	}
	if yes, _ := origin.Template.Bool("VROUTER"); !yes {
		return nil, nil, one.Errorf(one.CodeAction, "Only virtual router templates are allowed")
	}
	if o.Count <= 0 { // no VM is made, so no rights are checked
		return origin, nil, nil
	}
	extra, err := object.ParseTemplate(o.Extra)
	if err != nil {
		return nil, nil, err
	}
	t, err := template.Merged(s, c, origin, extra)
	if err != nil {
		return nil, nil, err
	}
	t.Merge(router.ForVMs())
	return origin, t, nil
}

// maxAtOnce bounds the VMs of one call: no other transaction runs while they are made.
const maxAtOnce = 1000

// Instantiate makes all VMs of an order, or none. Like those of oned, they are on hold at
// first, even if they are released at once.
func Instantiate(tx *store.Tx, s vm.Settings, c *one.Caller, o Order) error {
	origin, t, err := Plan(tx, s, c, o)
	if err != nil {
		return err
	}
	if o.Count > maxAtOnce {
		return one.Errorf(one.CodeAction, "Cannot make %d VMs of a virtual router at once, only up to %d", o.Count, maxAtOnce)
	}
	if o.Name == "" {
		router, _ := vrouter.Kind.Get(tx, o.Router)
		o.Name = "vr-" + router.Name + "-%i"
	}
	var ids []int
	for i := range o.Count {
		name := strings.ReplaceAll(o.Name, "%i", strconv.Itoa(i))
		id, err := template.Make(tx, s, c, template.Cast{Origin: origin, Template: t.Clone(), Name: name, Hold: true, About: one.KindVRouter})
		if err != nil {
			return err
		}
		ids = append(ids, id)
	}
	if err := vrouter.Join(tx, o.Router, ids...); err != nil {
		return err
	}
	if err := vrouter.SetTemplate(tx, o.Router, origin.ID); err != nil || o.Hold {
		return err
	}
	return release(tx, s, c, ids)
}

func release(tx *store.Tx, s vm.Settings, c *one.Caller, ids []int) error {
	for _, id := range ids {
		if err := vm.Act(tx, s, c, id, "release"); err != nil {
			return err
		}
	}
	return nil
}

// AttachNIC adds a NIC of the router to one of its VMs.
func AttachNIC(tx *store.Tx, s vm.Settings, c *one.Caller, vmID int, nic attr.Attr) error {
	if err := may(tx, s, c, vmID, one.ActionNICAttach); err != nil {
		return err
	}
	return vm.AttachRouterNIC(tx, s, c, vmID, attr.Template{nic.Clone()})
}

// DetachNIC removes a NIC of the router from one of its VMs.
func DetachNIC(tx *store.Tx, s vm.Settings, c *one.Caller, vmID, nicID int) error {
	if err := may(tx, s, c, vmID, one.ActionNICDetach); err != nil {
		return err
	}
	return vm.DetachRouterNIC(tx, s, c, vmID, nicID)
}

func may(r store.Reader, s vm.Settings, c *one.Caller, vmID int, action one.HistoryAction) error {
	return acl.Check(r, c, ask(vm.Kind, r, vmID, vm.Right(r, s, c, action))...)
}

// ask lists the right to check on an object; for one that is gone, a later step reports the
// error.
func ask(kind object.Any, r store.Reader, id int, right one.Right) []acl.Ask {
	o, clusters, err := kind.Look(r, id)
	if err != nil {
		return nil
	}
	return []acl.Ask{acl.On(kind.ID(), o, clusters, right)}
}

// Delete removes a router and terminates its VMs. VMs that cannot be terminated in their state
// are recovered with delete.
func Delete(tx *store.Tx, s vm.Settings, c *one.Caller, id int) error {
	vms, err := vrouter.Delete(tx, id)
	if err != nil {
		return err
	}
	for _, vmID := range vms {
		if err := end(tx, s, c, vmID); err != nil {
			return err
		}
	}
	return nil
}

func end(tx *store.Tx, s vm.Settings, c *one.Caller, id int) error {
	v, err := vm.Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	for _, ev := range [...]lifecycle.Event{lifecycle.TerminateHard, lifecycle.RecoverDelete} {
		if lifecycle.Can(v.Status(), ev) {
			return vm.Fire(tx, s, v, ev, vm.Cause{By: c})
		}
	}
	return nil // it is being terminated already
}

// Chmod changes the permissions of a router and its VMs. The caller needs the right for each
// VM, because VMs can belong to other users.
func Chmod(tx *store.Tx, c *one.Caller, id int, bits [9]int) error {
	return withVMs(tx, c, id,
		func(v *vm.VM) one.Right { return v.Perms.RightToSet(bits) },
		func(k object.Any, id int) error { return k.Chmod(tx, c, id, bits) })
}

// Chown changes the owner of a router and its VMs.
func Chown(tx *store.Tx, c *one.Caller, id int, to object.Ownership) error {
	return withVMs(tx, c, id,
		func(*vm.VM) one.Right { return one.Manage },
		func(k object.Any, id int) error { return k.Chown(tx, c, id, to) })
}

// withVMs checks rights on a router and its VMs, and does the same to all of them.
func withVMs(r store.Reader, c *one.Caller, id int, needs func(*vm.VM) one.Right, do func(object.Any, int) error) error {
	router, err := vrouter.Kind.Get(r, id)
	if err != nil {
		return err
	}
	if err := do(vrouter.Kind, id); err != nil {
		return err
	}
	for _, vmID := range router.VMs {
		v, err := vm.Kind.Get(r, vmID)
		if err != nil {
			return err
		}
		if err := acl.Check(r, c, ask(vm.Kind, r, vmID, needs(v))...); err != nil {
			return err
		}
		if err := do(vm.Kind, vmID); err != nil {
			return err
		}
	}
	return nil
}
