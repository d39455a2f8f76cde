package rvpe

import (
	"slices"

	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// Machine is a VM of a member. It is never deleted, and holds the names of what
// the VM was made of: they outlive what they name.
type Machine struct {
	ID       int         `cbor:"1,keyasint"`
	VMID     int         `cbor:"2,keyasint"`
	Name     string      `cbor:"3,keyasint"` // of its first lease
	MemberID int         `cbor:"4,keyasint"`
	ZoneID   int         `cbor:"5,keyasint"`
	TypeID   int         `cbor:"6,keyasint"`
	ImageID  int         `cbor:"7,keyasint"`
	Weight   int         `cbor:"8,keyasint"`
	Member   string      `cbor:"9,keyasint"` // the names
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

// Machines lists all VMs there ever were.
func Machines(r store.Reader) (list []*Machine) {
	for row := range machines.All(r) {
		list = append(list, row.Val)
	}
	return list
}

// MachinesOf lists the VMs that a member ever had.
func MachinesOf(r store.Reader, member int) (list []*Machine) {
	for row := range machinesByMember.Find(r, decimal(member)) {
		list = append(list, row.Val)
	}
	return list
}

// MachineOf finds a VM by RENKEI-VPE's ID.
func MachineOf(r store.Reader, id int) (*Machine, bool) { return machines.Get(r, store.ID(id)) }

// MachineNamed finds the newest VM of that name that a member has had.
func MachineNamed(r store.Reader, member int, name string) (found *Machine) {
	for _, k := range MachinesOf(r, member) {
		if k.Name == name {
			found = k
		}
	}
	return found
}

// machineOfVM finds a VM by its ID in OpenNebula, nil when it is none of ours.
func machineOfVM(r store.Reader, vmID int) *Machine {
	return last(r, machinesByVM, decimal(vmID))
}

// VM is the virtual machine itself.
func (k *Machine) VM(r store.Reader) (*vm.VM, bool) {
	return vm.Kind.Table.Get(r, store.ID(k.VMID))
}
