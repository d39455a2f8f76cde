package drivers

import "github.com/renkei-vpe/renkei/pkg/attr"

// Host is where a driver works.
type Host struct {
	ID    int
	Name  string        // as it was registered: the address that ssh and libvirt use
	Local bool          // this very machine: commands run without ssh
	Attrs attr.Template // the host's TEMPLATE, for settings of its own
}

// VM is what drivers are told of a virtual machine. The disks and NICs are the
// DISK and NIC vectors of Template, complete (SOURCE, TARGET, MAC, BRIDGE …).
type VM struct {
	ID       int
	Name     string
	DeployID string        // the hypervisor's name for it, "" before the first boot
	Template attr.Template // TEMPLATE of the VM
	User     attr.Template // USER_TEMPLATE of the VM
	Dir      string        // its folder on the host: <datastores>/<system datastore>/<VM ID>
}

// The files in VM.Dir of a VM that boots a kernel from a datastore.
const (
	KernelFile = "kernel"
	InitrdFile = "initrd"
)

// CheckpointFile is the name of the saved memory inside VM.Dir.
const CheckpointFile = "checkpoint"
