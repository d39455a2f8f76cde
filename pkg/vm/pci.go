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

// CheckPCI validates the device for one.vm.attachpci. oned does this before it checks
// permissions.
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

// checkPCI requires either SHORT_ADDRESS or VENDOR, DEVICE or CLASS.
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

// parseHex parses a hexadecimal number with or without the prefix 0x.
func parseHex(text string) (uint64, error) {
	return strconv.ParseUint(strings.TrimPrefix(strings.ToLower(text), "0x"), 16, 32)
}

// cpuSet matches a list of numbers and ranges, such as 1,2-6,8.
var cpuSet = regexp.MustCompile(`^[0-9]+(-[0-9]+)?(,[0-9]+(-[0-9]+)?)*$`)

// completePCI validates a device, sets VM_BUS, and removes the attributes that are set when a
// host assigns a device (VirtualMachine::check_pci_attributes).
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

// AttachPCI serves one.vm.attachpci. A powered-off VM gets a device of its host now, an
// undeployed VM when it is deployed.
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

// PCIs lists the VM's PCI devices, whether assigned or not.
func (v *VM) PCIs() []*attr.Attr { return v.Template.Vectors("PCI") }

// settlePCI assigns devices of the VM's hosts, and frees those of hosts that it has left. PCI
// shows the devices of the newest host.
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
