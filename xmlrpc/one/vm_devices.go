package one

import (
	"fmt"

	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
	"github.com/renkei-vpe/renkei/xmlrpc"
)

func vmDeviceMethods() []method {
	return []method{
		{name: "one.vm.attach", params: params(pID, pTemplate), may: unless(vmNoDisk, onVMAnd(one.ActionDiskAttach, 2)), do: change(vmAttach)},
		{name: "one.vm.detach", params: ints("object id", "disk id"), may: onVM(one.ActionDiskDetach), do: change(vmDetach)},
		{name: "one.vm.attachnic", params: params(pID, pTemplate), may: unless(vmOfRouter, onVMAnd(one.ActionNICAttach, 2)), do: change(vmAttachNIC)},
		{name: "one.vm.detachnic", params: ints("object id", "nic id"), may: unless(vmOfRouter, onVM(one.ActionNICDetach)), do: change(vmDetachNIC)},
		{
			name: "one.vm.updatenic", may: unless(vmNoNIC, onVMAnd(one.ActionNICUpdate, 3)), do: change(vmUpdateNIC),
			params: append(ints("object id", "nic id"), pTemplate, pAppend),
		},
		{
			name: "one.vm.attachsg", params: ints("object id", "nic id", "security group id"),
			may: vmMayAttachGroup, do: change(vmAttachGroup),
		},
		{name: "one.vm.detachsg", params: ints("object id", "nic id", "security group id"), may: onVM(one.ActionSGDetach), do: change(vmDetachGroup)},
		{name: "one.vm.attachpci", params: params(pID, pTemplate), may: vmMayAttachPCI, do: change(vmAttachPCI)},
		{name: "one.vm.detachpci", params: ints("object id", "pci id"), may: onVM(one.ActionPCIDetach), do: change(vmDetachPCI)},
		{
			name: "one.vm.resize", may: unless(unreadable(2), onVM(one.ActionResize)), do: change(vmResize),
			params: params(pID, pTemplate, xmlrpc.Param{Name: "host must have room", Type: xmlrpc.Bool, Optional: true, Default: true}),
		},
		{
			name: "one.vm.diskresize", may: unless(noDiskSize, after(onVM(one.ActionDiskResize), onVMDisk(one.ActionDiskResize))), do: change(vmResizeDisk),
			params: append(ints("object id", "disk id"), xmlrpc.Param{Name: "new size in MiB", Type: xmlrpc.String}),
		},
		{
			name: "one.vm.updateconf", params: params(pID, pTemplate, pAppend),
			may: unless(vmNoConf, onVM(one.ActionUpdateConf)), do: updating(vmUpdateConf),
		},
	}
}

// vmNoDisk, vmOfRouter and vmNoNIC refuse a call before the caller's rights are checked.
func vmNoDisk(c *call) error { return vm.CheckAttach(c.Snap, c.Int(1)) }

func vmOfRouter(c *call) error { return vm.OwnNICs(c.Snap, c.Int(1)) }

func vmNoNIC(c *call) error { return vm.CheckUpdateNIC(c.Snap, c.Int(1), c.Int(2)) }

// vmNoConf refuses an unknown kind of update, and a template that cannot be parsed.
func vmNoConf(c *call) error {
	if _, err := c.merge(); err != nil {
		return err
	}
	return unreadable(2)(c)
}

// unreadable refuses a call if the template in argument n cannot be parsed.
func unreadable(n int) func(*call) error {
	return func(c *call) error {
		_, err := c.Template(n)
		return err
	}
}

func noDiskSize(c *call) error {
	_, err := vm.DiskSize(c.Text(3))
	return err
}

// deviceTemplate parses the template of a device; what is its name in error texts.
func deviceTemplate(s *Server, c *call, n int, what string) (attr.Template, error) {
	t, err := object.ParseTemplate(c.Text(n))
	if err != nil {
		return nil, err
	}
	return t, vm.CheckRestricted(s.VMs, c.Caller, what, t)
}

func vmAttach(tx *store.Tx, s *Server, c *call) (int, error) {
	t, err := deviceTemplate(s, c, 2, "DISK")
	if err != nil {
		return -1, err
	}
	return c.Int(1), vm.AttachDisk(tx, s.VMs, c.Caller, c.Int(1), t)
}

func vmDetach(tx *store.Tx, s *Server, c *call) (int, error) {
	return c.Int(1), vm.DetachDisk(tx, s.VMs, c.Caller, c.Int(1), c.Int(2))
}

func vmAttachNIC(tx *store.Tx, s *Server, c *call) (int, error) {
	t, err := deviceTemplate(s, c, 2, "NIC")
	if err != nil {
		return -1, err
	}
	return c.Int(1), vm.AttachNIC(tx, s.VMs, c.Caller, c.Int(1), t)
}

func vmDetachNIC(tx *store.Tx, s *Server, c *call) (int, error) {
	return c.Int(1), vm.DetachNIC(tx, s.VMs, c.Caller, c.Int(1), c.Int(2))
}

func vmUpdateNIC(tx *store.Tx, s *Server, c *call) (int, error) {
	t, err := deviceTemplate(s, c, 3, "NIC")
	if err != nil {
		return -1, err
	}
	return c.Int(1), vm.UpdateNIC(tx, s.VMs, c.Caller, c.Int(1), c.Int(2), t, c.Int(4) != 0)
}

// vmMayAttachGroup needs the rights for a NIC with that security group.
func vmMayAttachGroup(c *call) ([]acl.Ask, error) {
	v, err := vm.Kind.Get(c.Snap, c.Int(1))
	if err != nil {
		return nil, err
	}
	nic := v.NIC(c.Int(2))
	if nic == nil {
		return nil, one.Errorf(one.CodeInternal, "VM %d doesn't have NIC id %d", v.ID, c.Int(2))
	}
	asks, err := askVM(c, one.ActionSGAttach, 1)
	if err != nil {
		return nil, err
	}
	with := nic.Clone()
	with.Set("SECURITY_GROUPS", fmt.Sprintf("%s,%d", nic.Get("SECURITY_GROUPS"), c.Int(3)))
	return append(asks, vm.NICNeeds(c.Snap, c.Caller.UID, &with)...), nil
}

func vmAttachGroup(tx *store.Tx, _ *Server, c *call) (int, error) {
	return c.Int(1), vm.AttachGroup(tx, c.Int(1), c.Int(2), c.Int(3))
}

func vmDetachGroup(tx *store.Tx, _ *Server, c *call) (int, error) {
	return c.Int(1), vm.DetachGroup(tx, c.Int(1), c.Int(2), c.Int(3))
}

func vmResize(tx *store.Tx, s *Server, c *call) (int, error) {
	t, err := c.Template(2)
	if err != nil {
		return -1, err
	}
	return c.Int(1), vm.Resize(tx, s.VMs, c.Caller, c.Int(1), t, c.Bool(3))
}

func vmResizeDisk(tx *store.Tx, s *Server, c *call) (int, error) {
	return c.Int(1), vm.ResizeDisk(tx, s.VMs, c.Caller, c.Int(1), c.Int(2), c.Text(3))
}

func vmUpdateConf(tx *store.Tx, s *Server, c *call, merge bool) (int, error) {
	t, err := c.Template(2)
	if err != nil {
		return -1, err
	}
	return c.Int(1), vm.UpdateConf(tx, s.VMs, c.Caller, c.Int(1), t, merge)
}

// vmMayAttachPCI reports errors of the device before it checks rights, as oned does.
func vmMayAttachPCI(c *call) ([]acl.Ask, error) {
	t, err := object.ParseTemplate(c.Text(2))
	if err != nil {
		return nil, err
	}
	if _, err := vm.CheckPCI(t); err != nil {
		return nil, err
	}
	return askVM(c, one.ActionPCIAttach, 1)
}

func vmAttachPCI(tx *store.Tx, s *Server, c *call) (int, error) {
	t, err := deviceTemplate(s, c, 2, "PCI")
	if err != nil {
		return -1, err
	}
	return c.Int(1), vm.AttachPCI(tx, s.VMs, c.Caller, c.Int(1), t)
}

func vmDetachPCI(tx *store.Tx, s *Server, c *call) (int, error) {
	return c.Int(1), vm.DetachPCI(tx, s.VMs, c.Caller, c.Int(1), c.Int(2))
}
