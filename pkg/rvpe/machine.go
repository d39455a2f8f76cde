package rvpe

import (
	"slices"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// Machine is a VM of a member. It is never deleted, and holds the names of the zone, type and
// image that the VM was made from, because these may be deleted before it.
type Machine struct {
	ID       int         `cbor:"1,keyasint"`
	VMID     int         `cbor:"2,keyasint"`
	Name     string      `cbor:"3,keyasint"` // of its first lease
	MemberID int         `cbor:"4,keyasint"`
	ZoneID   int         `cbor:"5,keyasint"`
	TypeID   int         `cbor:"6,keyasint"`
	ImageID  int         `cbor:"7,keyasint"`
	Weight   int         `cbor:"8,keyasint"`
	Member   string      `cbor:"9,keyasint"` // names, as they were when the VM was made
	Zone     string      `cbor:"10,keyasint"`
	Type     string      `cbor:"11,keyasint"`
	Image    string      `cbor:"12,keyasint"`
	Leases   []LeaseName `cbor:"13,keyasint"`
}

// LeaseName is a lease as it was when a VM was made.
type LeaseName struct {
	ID   int    `cbor:"1,keyasint"`
	Name string `cbor:"2,keyasint"`
	IP   string `cbor:"3,keyasint"`
}

// Clone implements store.Cloner.
func (k *Machine) Clone() *Machine {
	c := *k
	c.Leases = slices.Clone(k.Leases)
	return &c
}

var (
	machinesByVM     = store.NewIndex(func(k *Machine) []string { return []string{decimal(k.VMID)} })
	machinesByMember = store.NewIndex(func(k *Machine) []string { return []string{decimal(k.MemberID)} })
	machines         = store.NewTable("rvpe_machine", machinesByVM, machinesByMember)
)

// Machines lists all VMs, past ones included.
func Machines(r store.Reader) []*Machine { return all(r, machines) }

// MachinesOf lists all VMs of a member, past ones included.
func MachinesOf(r store.Reader, member int) []*Machine {
	return indexed(r, machinesByMember, decimal(member))
}

// MachineOf finds a VM by RENKEI-VPE's ID.
func MachineOf(r store.Reader, id int) (*Machine, bool) { return machines.Get(r, store.ID(id)) }

// Row is the row of the VM.
func (k *Machine) Row(r store.Reader) *store.Row[Machine] {
	row, _ := machines.Row(r, store.ID(k.ID))
	return row
}

// MachineNamed finds the newest VM of that name that a member has had.
func MachineNamed(r store.Reader, member int, name string) (found *Machine) {
	for _, k := range MachinesOf(r, member) {
		if k.Name == name {
			found = k
		}
	}
	return found
}

// machineOfVM finds a VM by its ID in OpenNebula; nil if it is not one of RENKEI-VPE's.
func machineOfVM(r store.Reader, vmID int) *Machine {
	return last(r, machinesByVM, decimal(vmID))
}

// VM is OpenNebula's VM.
func (k *Machine) VM(r store.Reader) (*vm.VM, bool) {
	return vm.Kind.Table.Get(r, store.ID(k.VMID))
}

// mayWork answers a VM that a member may manage: one of his own, or any if he is the
// administrator.
func mayWork(r store.Reader, c *one.Caller, m *Member, id int, otherwise string) (*Machine, error) {
	k, ok := MachineOf(r, id)
	switch {
	case !ok:
		return nil, refuse("VirtualMachine[%d] is not found.", id)
	case k.MemberID != m.ID && !c.IsAdmin():
		return nil, refuse("%s", otherwise)
	}
	return k, nil
}

// MayLook answers a VM that a member may view.
func MayLook(r store.Reader, c *one.Caller, m *Member, id int) (*Machine, error) {
	return mayWork(r, c, m, id, "You don't have permission to query info. of the VM.")
}

// Act carries out one of OpenNebula 2.2's actions on a VM.
func Act(tx *store.Tx, c *one.Caller, m *Member, id int, action string, core Core) error {
	k, err := mayWork(tx, c, m, id, "You don't have permission to make any action to the VM.")
	if err != nil {
		return err
	}
	_, err = core.Within(tx, c, "vm.action", action, k.VMID)
	return err
}

// systemDisk is the disk with the image of a VM.
const systemDisk = 0

// MarkSave makes OpenNebula save the system disk of a VM as a new image of the caller's when
// the VM ends.
func MarkSave(tx *store.Tx, c *one.Caller, m *Member, id int, name, description string, core Core) error {
	k, err := mayWork(tx, c, m, id, "You don't have permission to save status of the VM.")
	if err != nil {
		return err
	}
	v, ok := k.VM(tx)
	if !ok {
		return refuse("VirtualMachine[%d] is not found.", id)
	}
	if _, taken := image.Kind.ByName.First(tx, name); taken {
		return refuse("Image[%s] already exists.  Use another name.", name)
	}
	if as := savedAs(v); as != "" {
		return refuse("VM[%d] is already marked to save its OS image as Image[%s]", id, as)
	}
	imageID, err := core.Within(tx, c, "image.allocate", savedTemplate(v, name, description).Text())
	if err != nil {
		return err
	}
	_, err = core.Within(tx, c, "vm.savedisk", k.VMID, systemDisk, imageID)
	return err
}

// savedAs is the ID of the image that a VM's system disk will be saved as; a persistent image
// is saved as itself.
func savedAs(v *vm.VM) string {
	d := v.Disk(systemDisk)
	if d == nil {
		return ""
	}
	if persistent, _ := d.Bool("PERSISTENT"); persistent {
		return d.Get("IMAGE_ID")
	}
	return d.Get("SAVE_AS")
}

// savedTemplate is the template of the new image, with the bus and driver of this VM's image.
func savedTemplate(v *vm.VM, name, description string) (t attr.Template) {
	var disk, nic attr.Attr
	if d := v.Legacy.Vector("DISK"); d != nil {
		disk = *d
	}
	if n := v.Legacy.Vector("NIC"); n != nil {
		nic = *n
	}
	for _, pair := range [][2]string{
		{"NAME", name}, {"DESCRIPTION", description}, {"TYPE", "OS"}, {"BUS", disk.Get("BUS")},
		{"DEV_PREFIX", first(disk.Get("TARGET"), 2)}, {"NIC_MODEL", nic.Get("MODEL")},
	} {
		t.Set(pair[0], pair[1])
	}
	return t
}

func first(text string, n int) string { return text[:min(n, len(text))] }
