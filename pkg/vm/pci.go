package vm

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/lifecycle"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// CheckPCI reads the device that one.vm.attachpci is asked for. What is wrong
// with it is told before anybody is asked whether he may.
func CheckPCI(t attr.Template) (*attr.Attr, error) {
	pci := t.Vector("PCI")
	switch {
	case pci == nil:
		return nil, one.Errorf(one.CodeAction, "PCI attribute not found")
	case pci.Get("TYPE") == "NIC":
		return nil, one.Errorf(one.CodeAction, "Use one.vm.attachnic to attach this PCI device")
	}
	if err := checkPCI(pci); err != nil {
		return nil, one.Errorf(one.CodeAction, "%v", err)
	}
	return pci, nil
}

// checkPCI refuses a device that is named in two ways, or in none.
func checkPCI(pci *attr.Attr) error {
	byKind := false
	for _, key := range []string{"VENDOR", "DEVICE", "CLASS"} {
		value := pci.Get(key)
		if value == "" {
			continue
		}
		if _, err := parseHex(value); err != nil {
			return bad("Wrong Hex value for PCI attribute %s", key)
		}
		byKind = true
	}
	switch byAddress := pci.Get("SHORT_ADDRESS") != ""; {
	case !byKind && !byAddress:
		return bad("SHORT_ADDRESS, DEVICE, VENDOR or CLASS must be defined for PCI.")
	case byKind && byAddress:
		return bad("SHORT_ADDRESS cannot be set with DEVICE, VENDOR or CLASS")
	}
	return nil
}

// parseHex reads a number in base 16, with 0x before it or without.
func parseHex(text string) (uint64, error) {
	return strconv.ParseUint(strings.TrimPrefix(strings.ToLower(text), "0x"), 16, 32)
}

// cpuSet is a list of numbers and ranges: 1,2-6,8.
var cpuSet = regexp.MustCompile(`^[0-9]+(-[0-9]+)?(,[0-9]+(-[0-9]+)?)*$`)

// completePCI checks what is asked of a device, says where in the guest it is to be,
// and takes out what only the host decides (VirtualMachine::check_pci_attributes).
func completePCI(s Settings, pci *attr.Attr) error {
	if err := checkPCI(pci); err != nil {
		return err
	}
	if root := strings.ToLower(pci.Get("ROOT")); root != "" {
		if root != "shared" && root != "dedicated" {
			return bad("Unknown PCI root mode, has to be SHARED or DEDICATED")
		}
		pci.Set("ROOT", root)
	}
	if nodes := pci.Get("ACPI_NODES"); nodes != "" && !cpuSet.MatchString(nodes) {
		return bad("Invalid nodeset specification in ACPI_NODES")
	}
	if bus := pci.Get("VM_BUS"); bus == "" {
		pci.Set("VM_BUS", s.PCIBus)
	} else if _, err := parseHex(bus); err != nil {
		return bad("Wrong VM_BUS in PCI attribute")
	}
	for _, key := range []string{"DOMAIN", "BUS", "SLOT", "FUNCTION", "ADDRESS", "PREV_ADDRESS", "NUMA_NODE", "UUID", "MDEV_MODE"} {
		pci.Del(key)
	}
	return nil
}

// AttachPCI serves one.vm.attachpci: a VM that is off gets a device of its host,
// one that is undeployed gets it where it goes next.
func AttachPCI(tx *store.Tx, s Settings, c *one.Caller, id int, t attr.Template) error {
	pci, err := CheckPCI(t)
	if err != nil {
		return err
	}
	v, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	if err := allowed(v, lifecycle.AttachPCI); err != nil {
		return err
	}
	dev, next := pci.Clone(), 0
	for _, p := range v.Template.Vectors("PCI") {
		next = max(next, idOf(p, "PCI_ID")+1)
	}
	if err := completePCI(s, &dev); err != nil {
		return one.Errorf(one.CodeAction, "%v", err)
	}
	dev.Set("PCI_ID", strconv.Itoa(next))
	v.Template.Add(dev)
	return ofCaller(c, Fire(tx, s, v, lifecycle.AttachPCI, Cause{By: c}))
}

// DetachPCI serves one.vm.detachpci.
func DetachPCI(tx *store.Tx, s Settings, c *one.Caller, id, pciID int) error {
	v, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	if err := allowed(v, lifecycle.DetachPCI); err != nil {
		return err
	}
	switch pci := byID(v.Template.Vectors("PCI"), "PCI_ID", pciID); {
	case pci == nil:
		return one.Errorf(one.CodeAction, "PCI device not found")
	case pci.Get("TYPE") == "NIC":
		return one.Errorf(one.CodeAction, "Use one.vm.detachnic to detach this PCI device")
	}
	forget(v, "PCI", "PCI_ID", pciID)
	return Fire(tx, s, v, lifecycle.DetachPCI, Cause{By: c})
}

// PCIs are the devices that a VM has, or wants.
func (v *VM) PCIs() []*attr.Attr { return v.Template.Vectors("PCI") }

// settlePCI takes devices of the hosts that hold the VM, and gives those of the
// others back. The VM says which it has where it is, or comes to.
func settlePCI(tx *store.Tx, was, v *VM) error {
	if len(v.PCIs()) == 0 && (was == nil || len(was.PCIs()) == 0) {
		return nil
	}
	after := hostsOf(v)
	for _, id := range hostsOf(was) {
		if !slices.Contains(after, id) {
			host.FreePCI(tx, id, v.ID)
		}
	}
	for n, id := range after {
		if err := host.AssignPCI(tx, id, v.ID, v.PCIs(), n == 0); err != nil {
			return err
		}
	}
	return nil
}
