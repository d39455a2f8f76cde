package one22

import (
	"context"
	"slices"

	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/lifecycle"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
	"github.com/renkei-vpe/renkei/xmlrpc"
)

func vmMethods() []method {
	return []method{
		{name: "one.vm.allocate", class: "VirtualMachineAllocate", params: texts("template"), do: change(vmAllocate)},
		{name: "one.vm.deploy", class: "VirtualMachineDeploy", params: ints("vm", "host"), do: change(vmDeploy)},
		{name: "one.vm.action", class: "VirtualMachineAction", params: append(texts("action"), ints("vm")...), do: change(vmAction)},
		{name: "one.vm.migrate", class: "VirtualMachineMigrate", params: append(ints("vm", "host"), params(xmlrpc.Bool, "live")...), do: change(vmMigrate)},
		{name: "one.vm.savedisk", class: "VirtualMachineSaveDisk", params: ints("vm", "disk", "image"), do: change(vmSaveDisk)},
		{name: "one.vm.info", class: "VirtualMachineInfo", params: ints("id"), do: vmInfo},
		{
			name: "one.vmpool.info", class: "VirtualMachinePoolInfo", counts: []int{2, 4}, do: vmPool,
			params: []xmlrpc.Param{
				{Name: "filter", Type: xmlrpc.Int},
				{Name: "extended", Type: xmlrpc.Bool, Optional: true, Default: true},
				{Name: "state", Type: xmlrpc.Int, Optional: true, Default: int32(-1)},
			},
		},
	}
}

// knownVM returns a VM, which is not to be changed.
func knownVM(r store.Reader, id int) (*vm.VM, error) {
	v, ok := vm.Kind.Table.Get(r, store.ID(id))
	if !ok {
		return nil, noSuch("VM", id)
	}
	return v, nil
}

func vmDeploy(tx *store.Tx, s *Server, c *call) (any, error) {
	v, err := knownVM(tx, c.Int(1))
	if err != nil {
		return nil, err
	}
	if err := c.owns(&v.Meta, "MANAGE", "VM"); err != nil {
		return nil, err
	}
	if err := knownHost(tx, c.Int(2)); err != nil {
		return nil, err
	}
	if v.State != one.VMPending {
		return nil, failed("MANAGE", "VM", v.ID, -1, ". Reason: VM in wrong state.")
	}
	err = vm.Deploy(tx, s.VMs, c.Caller, v.ID, vm.Deployment{HostID: c.Int(2), DSID: -1})
	if err != nil {
		return nil, failed("MANAGE", "VM", v.ID, -1, "."+because(err))
	}
	return nothing, nil
}

func vmMigrate(tx *store.Tx, s *Server, c *call) (any, error) {
	if err := knownHost(tx, c.Int(2)); err != nil {
		return nil, err
	}
	v, err := knownVM(tx, c.Int(1))
	if err != nil {
		return nil, err
	}
	if err := c.owns(&v.Meta, "MANAGE", "VM"); err != nil {
		return nil, err
	}
	if v.State != one.VMActive || v.LCM != one.LCMRunning {
		return nil, failed("MANAGE", "VM", v.ID, 0, ". Reason: VM in wrong state.")
	}
	err = vm.Migrate(tx, s.VMs, c.Caller, v.ID, vm.Migration{HostID: c.Int(2), DSID: -1, Live: c.Bool(3)})
	if err != nil {
		return nil, failed("MANAGE", "VM", v.ID, 0, "."+because(err))
	}
	return nothing, nil
}

// vmSaveDisk has a disk saved when the VM ends. Unlike 2.2 it does not overwrite an image
// that is in use: the image has to be one that waits for its file.
func vmSaveDisk(tx *store.Tx, _ *Server, c *call) (any, error) {
	img, ok := image.Kind.Table.Get(tx, store.ID(c.Int(3)))
	if !ok || !isKnownImage(img) {
		return nil, noSuch("IMAGE", c.Int(3))
	}
	v, err := knownVM(tx, c.Int(1))
	if err != nil {
		return nil, err
	}
	if c.owns(&v.Meta, "", "") != nil || c.owns(&img.Meta, "", "") != nil {
		return nil, denied(c.Caller.UID, "MANAGE", "VM/IMAGE", v.ID)
	}
	if v.Disk(c.Int(2)) == nil {
		return nil, noSuch("DISK from VM", v.ID)
	}
	if img.State != one.ImageDisabled {
		return nil, failed("MANAGE", "IMAGE", img.ID, -1, ". Reason: it has a file already; only a new, disabled image can be saved to.")
	}
	return nothing, vm.SaveDisk(tx, v.ID, c.Int(2), img.ID)
}

// vmInfo shows a VM to everybody. Its owner sees encrypted attributes in plain text if the
// VM was created in this dialect, which has no flag to ask for them (docs/adr/0117).
func vmInfo(_ context.Context, s *Server, c *call) (any, error) {
	row, ok := vm.Kind.Table.Row(c.Snap, store.ID(c.Int(1)))
	if !ok {
		return nil, noSuch("VM", c.Int(1))
	}
	if row.Val.Legacy != nil && c.owns(&row.Val.Meta, "", "") == nil {
		row = s.opened(row)
	}
	return answer(vmForm{history: true}.Escaped(c.Snap, row)), nil
}

// opened is a decrypted copy of a VM's row, so that nothing rendered from it is kept for
// others.
func (s *Server) opened(row *store.Row[vm.VM]) *store.Row[vm.VM] {
	own := *row.Val
	if !s.VMs.Secrets.Open(vm.Kind.Table.Name(), &own) {
		return row
	}
	return &store.Row[vm.VM]{Key: row.Key, Val: &own}
}

// vmPool leaves out VMs that are DONE, unless they are asked for.
func vmPool(_ context.Context, _ *Server, c *call) (any, error) {
	flag, extended, state := c.Int(1), c.Bool(2), c.Int(3)
	return list(c, vm.Kind, "VM_POOL", func(v *vm.VM) bool {
		if flag == -1 && v.UID != c.Caller.UID || flag >= 0 && v.UID != flag {
			return false
		}
		if state == -1 {
			return v.State != one.VMDone
		}
		return stateOf(v.State, v.LCM).state == state
	}, vmForm{owner: extended, history: extended}), nil
}

// action is one of 2.2's actions: in which states it is allowed, and what it does today.
type action struct {
	when func(shown) bool
	do   func(tx *store.Tx, s *Server, c *one.Caller, id int) error
}

// vmActions are all of them.
var vmActions = map[string]action{
	"shutdown": {running, act("terminate")},
	"cancel":   {running, act("terminate-hard")},
	"stop":     {running, act("stop")},
	"suspend":  {running, act("suspend")},
	"hold":     {in(pending), act("hold")},
	"release":  {in(held), act("release")},
	"resume":   {in(stopped, suspended), act("resume")},
	"restart":  {func(s shown) bool { return s.lcm == lcmUnknown || s.lcm == lcmBoot }, restart},
	"resubmit": {func(s shown) bool { return s.state != suspended && s.state != done }, recovery(lifecycle.RecoverRecreate)},
	"finalize": {func(shown) bool { return true }, recovery(lifecycle.RecoverDelete)},
}

func running(s shown) bool { return s == shown{active, lcmRunning} }

func in(states ...int) func(shown) bool {
	return func(s shown) bool { return slices.Contains(states, s.state) }
}

func act(name string) func(*store.Tx, *Server, *one.Caller, int) error {
	return func(tx *store.Tx, s *Server, c *one.Caller, id int) error { return vm.Act(tx, s.VMs, c, id, name) }
}

func recovery(ev lifecycle.Event) func(*store.Tx, *Server, *one.Caller, int) error {
	return func(tx *store.Tx, s *Server, c *one.Caller, id int) error { return vm.Recover(tx, s.VMs, c, id, ev) }
}

// restart boots a VM again that hangs in BOOT or is UNKNOWN.
func restart(tx *store.Tx, s *Server, c *one.Caller, id int) error {
	v, err := vm.Kind.Get(tx, id)
	if err != nil || v.LCM == one.LCMUnknown {
		return vm.Act(tx, s.VMs, c, id, "resume")
	}
	return vm.Recover(tx, s.VMs, c, id, lifecycle.RecoverRetry)
}

func vmAction(tx *store.Tx, s *Server, c *call) (any, error) {
	v, err := knownVM(tx, c.Int(2))
	if err != nil {
		return nil, err
	}
	if err := c.owns(&v.Meta, "MANAGE", "VM"); err != nil {
		return nil, err
	}
	a, known := vmActions[c.Text(1)]
	if !known {
		return nil, bare("Unknown action")
	}
	if !a.when(stateOf(v.State, v.LCM)) {
		return nil, bare("Wrong state to perform action")
	}
	if isMoot(c.Text(1), v) {
		return nothing, nil
	}
	if err := a.do(tx, s, c.Caller, v.ID); err != nil {
		return nil, bare("Wrong state to perform action")
	}
	return nothing, nil
}

// isMoot reports whether a VM is already in the state that an action would bring it to.
func isMoot(action string, v *vm.VM) bool {
	return action == "finalize" && v.State == one.VMDone ||
		action == "resubmit" && (v.State == one.VMInit || v.State == one.VMPending)
}
