package quota

// Class is one of the four kinds of quota, in the order in which they are shown.
type Class uint8

// The classes. The key of a VM quota is empty, or a list of clusters; the key of the others is
// the ID of a datastore, network or image.
const (
	Datastores Class = iota
	Networks
	VMs
	Images
	classes
)

// Name is the name of a quota's element, such as VM in <VM_QUOTA><VM>.
func (c Class) Name() string { return classNames[c] }

var classNames = [classes]string{"DATASTORE", "NETWORK", "VM", "IMAGE"}

// metrics are the metrics of each class, in the order in which they are shown.
var metrics = [classes][]string{
	Datastores: {"IMAGES", "SIZE"},
	Networks:   {"LEASES"},
	VMs: {"CPU", "MEMORY", "PCI_DEV", "PCI_NIC", "RUNNING_CPU", "RUNNING_MEMORY",
		"RUNNING_PCI_DEV", "RUNNING_PCI_NIC", "RUNNING_VMS", "SYSTEM_DISK_SIZE", "VMS"},
	Images: {"RVMS"},
}

// Indexes of metrics in their class.
const (
	dsImages, dsSize = 0, 1

	vmCPU, vmMemory, vmPCIDev, vmPCINIC                             = 0, 1, 2, 3
	vmRunningCPU, vmRunningMemory, vmRunningPCIDev, vmRunningPCINIC = 4, 5, 6, 7
	vmRunningVMs, vmSystemDisk, vmVMs                               = 8, 9, 10
)

// asked is the order in which oned checks these metrics.
var asked = [classes][]int{
	Datastores: {dsSize, dsImages},
	Networks:   {0},
	VMs: {vmVMs, vmRunningVMs, vmCPU, vmRunningCPU, vmMemory, vmRunningMemory,
		vmPCIDev, vmRunningPCIDev, vmPCINIC, vmRunningPCINIC, vmSystemDisk},
	Images: {0},
}

// KeyName is the attribute that has the key of a quota.
func (c Class) KeyName() string {
	if c == VMs {
		return "CLUSTER_IDS"
	}
	return "ID"
}
