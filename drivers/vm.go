package drivers

import "github.com/renkei-vpe/renkei/pkg/attr"

// Host describes a host to drivers.
type Host struct {
	ID    int
	Name  string        // NAME: the address that ssh and libvirt use
	Local bool          // this machine: commands run without ssh
	Attrs attr.Template // the host's TEMPLATE, which may have settings
}

// VM describes a VM to drivers. Its disks and NICs are the DISK and NIC vectors of Template,
// complete (SOURCE, TARGET, MAC, BRIDGE …).
type VM struct {
	ID       int
	Name     string
	DeployID string        // the hypervisor's name of the domain, "" before the first boot
	Template attr.Template // TEMPLATE of the VM
	User     attr.Template // USER_TEMPLATE of the VM
	Dir      string        // folder on the host: <datastores>/<system datastore>/<VM ID>
}

// The files in VM.Dir of a VM that boots a kernel from a datastore.
const (
	KernelFile = "kernel"
	InitrdFile = "initrd"
)

// CheckpointFile is the file in VM.Dir with the saved memory.
const CheckpointFile = "checkpoint"
