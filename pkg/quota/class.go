package quota

// Class is one of the four sorts of quota. They are in the order in which they
// are shown.
type Class uint8

// The classes. A VM quota has no key, or lists the clusters that it is for; the
// others are of one datastore, network or image each.
const (
	Datastores Class = iota
	Networks
	VMs
	Images
	classes
)

// Name is the element of one quota: VM in <VM_QUOTA><VM>.
func (c Class) Name() string { return classNames[c] }

var classNames = [classes]string{"DATASTORE", "NETWORK", "VM", "IMAGE"}

// metrics are what every server counts, in the order in which they are shown.
var metrics = [classes][]string{
	Datastores: {"IMAGES", "SIZE"},
	Networks:   {"LEASES"},
	VMs: {"CPU", "MEMORY", "PCI_DEV", "PCI_NIC", "RUNNING_CPU", "RUNNING_MEMORY",
		"RUNNING_PCI_DEV", "RUNNING_PCI_NIC", "RUNNING_VMS", "SYSTEM_DISK_SIZE", "VMS"},
	Images: {"RVMS"},
}

// Places of metrics in their class.
const (
	dsImages, dsSize = 0, 1

	vmCPU, vmMemory, vmPCIDev, vmPCINIC                             = 0, 1, 2, 3
	vmRunningCPU, vmRunningMemory, vmRunningPCIDev, vmRunningPCINIC = 4, 5, 6, 7
	vmRunningVMs, vmSystemDisk, vmVMs                               = 8, 9, 10
)

// asked is the order in which oned looks at these metrics.
var asked = [classes][]int{
	Datastores: {dsSize, dsImages},
	Networks:   {0},
	VMs: {vmVMs, vmRunningVMs, vmCPU, vmRunningCPU, vmMemory, vmRunningMemory,
		vmPCIDev, vmRunningPCIDev, vmPCINIC, vmRunningPCINIC, vmSystemDisk},
	Images: {0},
}

// KeyName is the attribute that says what a quota is for.
func (c Class) KeyName() string {
	if c == VMs {
		return "CLUSTER_IDS"
	}
	return "ID"
}
