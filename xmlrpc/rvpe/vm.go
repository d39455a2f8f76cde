package rvpe

import (
	"context"

	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/rvpe"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
	"github.com/renkei-vpe/renkei/xmlrpc/one/render"
	"github.com/renkei-vpe/renkei/xmlrpc/one22"
)

// Guests has the files for guests: their scripts, and their owners' keys.
type Guests interface {
	// Files stores the key, and returns the paths of all files, with the key's last.
	Files(key string) ([]string, error)
}

func vmMethods() []method {
	return []method{
		{name: "rvpe.vm.pool", signature: "int int", help: "Retrieve information about virtual machine group", do: look(vmPool)},
		{name: "rvpe.vm.ask_id", signature: "string", help: "Retrieve id of the given-named virtual machine", do: look(vmAskID)},
		{name: "rvpe.vm.info", signature: "int", help: "Retrieve information about the virtual machine", do: look(vmInfo)},
		{name: "rvpe.vm.allocate", signature: "string string string string string", help: "allocate a new virtual machine", do: vmAllocate},
		{name: "rvpe.vm.action", signature: "int string", help: "performe a specified action to the virtual machine", do: change(vmAction)},
		{name: "rvpe.vm.mark_save", signature: "int string string", help: "mark the VM to save its OS image on shutdown", do: quietly(vmMarkSave)},
	}
}

// withHistory is the second argument of vm.pool that asks for ended VMs, too.
const withHistory = 1

func vmPool(_ *Server, c *call) (any, error) {
	flag := c.Int(1)
	if c.ofOthers(flag) {
		if err := needsAdmin(c); err != nil {
			return nil, err
		}
	}
	var all []*rvpe.Machine
	switch {
	case flag < flagMine:
		all = rvpe.Machines(c.Snap)
	case flag == flagMine:
		all = rvpe.MachinesOf(c.Snap, c.Member.ID)
	default:
		all = rvpe.MachinesOf(c.Snap, flag)
	}
	var shown []*rvpe.Machine
	for _, k := range all {
		if v, ok := k.VM(c.Snap); ok && (v.State != one.VMDone || c.Int(2) == withHistory) {
			shown = append(shown, k)
		}
	}
	return pool("VM_POOL", shown, func(b []byte, k *rvpe.Machine) []byte { return appendMachine(b, c.Snap, k) }), nil
}

func vmAskID(_ *Server, c *call) (any, error) {
	k := rvpe.MachineNamed(c.Snap, c.Member.ID, c.Text(1))
	if k == nil {
		return nil, refuse("VirtualMachine[%s] is not found.", c.Text(1))
	}
	return k.ID, nil
}

func vmInfo(_ *Server, c *call) (any, error) {
	k, err := rvpe.MayLook(c.Snap, c.Caller, c.Member, c.Int(1))
	if err != nil {
		return nil, err
	}
	return escaped(appendMachine(nil, c.Snap, k)), nil
}

// appendMachine appends what RENKEI-VPE knows of a VM, then what OpenNebula does, escaped.
func appendMachine(b []byte, r store.Reader, k *rvpe.Machine) []byte {
	b = append(b, k.Row(r).Rendition(slotText, func(k *rvpe.Machine) []byte {
		return render.Escaped(func(w *writer) { beginMachine(w, k) })
	})...)
	if row, ok := vm.Kind.Table.Row(r, store.ID(k.VMID)); ok {
		b = one22.AppendVMStatus(b, r, row)
	}
	return append(b, "&lt;/VM&gt;"...)
}

// beginMachine writes what RENKEI-VPE knows of a VM, which never changes.
func beginMachine(w *writer, k *rvpe.Machine) {
	w.Open("VM")
	w.Int("ID", int64(k.ID))
	w.Text("NAME", k.Name)
	w.Text("ADDRESS", k.Leases[0].IP)
	for _, e := range [...]struct {
		what string
		id   int
		name string
	}{{"USER", k.MemberID, k.Member}, {"ZONE", k.ZoneID, k.Zone}, {"TYPE", k.TypeID, k.Type}, {"IMAGE", k.ImageID, k.Image}} {
		w.Int(e.what+"_ID", int64(e.id))
		w.Text(e.what+"_NAME", e.name)
	}
	list(w, "LEASES", k.Leases, func(w *writer, l rvpe.LeaseName) {
		w.Open("LEASE")
		w.Int("ID", int64(l.ID))
		w.Text("NAME", l.Name)
		w.Text("ADDRESS", l.IP)
		w.Close("LEASE")
	})
}

// vmAllocate first checks whether the VM can be created and stores its key, then creates it:
// it may be deployed at once.
func vmAllocate(ctx context.Context, s *Server, c *call) (any, error) {
	wish := rvpe.Wish{Type: c.Text(1), ImageID: c.Int(2), Zone: c.Text(4), Networks: c.Text(5), Key: keyName}
	if err := rvpe.CheckWish(c.Snap, c.Caller, c.Member, wish); err != nil {
		return nil, err
	}
	var err error
	if wish.Files, err = s.Guests.Files(c.Text(3)); err != nil {
		return nil, err
	}
	return change(func(tx *store.Tx, s *Server, c *call) (any, error) {
		m, ok := rvpe.MemberOf(tx, c.Member.ID) // as he is by now
		if !ok {
			return nil, refuse("User is not found: %s", c.Caller.UName)
		}
		return rvpe.AllocateMachine(tx, c.Caller, m, wish, s.Core)
	})(ctx, s, c)
}

// keyName is the file name by which guests know their owner's key.
const keyName = "root.pub"

func vmAction(tx *store.Tx, s *Server, c *call) (any, error) {
	return handedThrough, rvpe.Act(tx, c.Caller, c.Member, c.Int(1), c.Text(2), s.Core)
}

func vmMarkSave(tx *store.Tx, s *Server, c *call) error {
	return rvpe.MarkSave(tx, c.Caller, c.Member, c.Int(1), c.Text(2), c.Text(3), s.Core)
}
