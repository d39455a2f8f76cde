package drivers

import (
	"context"

	"github.com/renkei-vpe/renkei/pkg/numa"
)

// VMM makes Hypervisors: one driver serves many hosts.
type VMM interface {
	// On answers the hypervisor of a host. It does no I/O; the first call
	// that needs a connection makes it, and later calls share it.
	On(h Host) Hypervisor
	// Close closes all connections.
	Close() error
}

// Wired is implemented by hypervisors on whose hosts one network driver connects all NICs,
// whatever the networks' VN_MAD is: simulated hosts, which have no real networks. OpenNebula's
// one_vmm_dummy calls no network driver at all.
type Wired interface {
	// Network is the name of that driver.
	Network() string
}

// Hypervisor runs the VMs of one host.
type Hypervisor interface {
	// Deploy defines and starts vm and answers the name of the domain. If a domain of that name
	// is running, the goal is met.
	Deploy(ctx context.Context, vm VM) (deployID string, err error)
	// Shutdown asks the guest to power off (ACPI) and waits until it is off. If ctx ends first,
	// it answers ctx's error and leaves the VM running.
	Shutdown(ctx context.Context, vm VM) error
	// Destroy powers vm off and undefines its domain. If there is no domain, the goal is met.
	Destroy(ctx context.Context, vm VM) error
	// Reboot asks the guest to restart; Reset restarts it without asking.
	Reboot(ctx context.Context, vm VM) error
	Reset(ctx context.Context, vm VM) error
	// Save writes the memory to file on the host and ends the domain; Restore resumes it from
	// there.
	Save(ctx context.Context, vm VM, file string) error
	Restore(ctx context.Context, vm VM, file string) (deployID string, err error)
	// Poll reports all domains of Renkei's VMs on this host.
	Poll(ctx context.Context) ([]Domain, error)
	// Monitor reports on the host itself.
	Monitor(ctx context.Context) (HostReport, error)
}

// Migrator is implemented by hypervisors that can live-migrate a VM.
type Migrator interface {
	Migrate(ctx context.Context, vm VM, to Host) error
}

// DiskPlugger is implemented by hypervisors that can attach and detach disks of a running VM,
// by DISK_ID.
type DiskPlugger interface {
	AttachDisk(ctx context.Context, vm VM, diskID int) error
	DetachDisk(ctx context.Context, vm VM, diskID int) error
}

// NICPlugger is implemented by hypervisors that can attach and detach NICs of a running VM.
type NICPlugger interface {
	AttachNIC(ctx context.Context, vm VM, nicID int) error
	DetachNIC(ctx context.Context, vm VM, nicID int) error
}

// AliasPlugger is implemented by hypervisors that have to be told when a NIC of a running VM
// gets or loses an alias. For most it is enough to tell the guest.
type AliasPlugger interface {
	AttachAlias(ctx context.Context, vm VM, nicID int) error
	DetachAlias(ctx context.Context, vm VM, nicID int) error
}

// NICTuner is implemented by hypervisors that can change the bandwidth limits of a running VM's
// NICs, to those in its template.
type NICTuner interface {
	TuneNIC(ctx context.Context, vm VM, nicID int) error
}

// GroupFollower is implemented by hypervisors that have work of their own when the rules of a
// security group change for a running VM, after the network drivers have done theirs.
type GroupFollower interface {
	FollowGroup(ctx context.Context, vm VM, group int) error
}

// ContextChanger is implemented by hypervisors that can eject the context CD of a running VM
// and insert it again, so that it can be changed in between and the guest notices. Ejecting
// from an empty drive and inserting into a full one succeed.
type ContextChanger interface {
	EjectContext(ctx context.Context, vm VM) error
	InsertContext(ctx context.Context, vm VM) error
}

// Snapshotter is implemented by hypervisors with snapshots of whole VMs. They answer the
// hypervisor's name of a new snapshot, which later calls use.
type Snapshotter interface {
	CreateSnapshot(ctx context.Context, vm VM, snapshotID int) (name string, err error)
	RevertSnapshot(ctx context.Context, vm VM, name string) error
	DeleteSnapshot(ctx context.Context, vm VM, name string) error
}

// DiskSnapper is implemented by hypervisors that create snapshots of a running VM's disks. For
// others the transfer driver does.
type DiskSnapper interface {
	SnapDisk(ctx context.Context, vm VM, diskID, snapshotID int) error
}

// Resizer is implemented by hypervisors that resize a running VM.
type Resizer interface {
	ResizeDisk(ctx context.Context, vm VM, diskID int, sizeMiB int64) error
	ResizeCapacity(ctx context.Context, vm VM, vcpu int, memoryMiB int64) error
}

// Watcher is implemented by hypervisors with events: Watch calls see for each change until ctx
// ends or the connection is lost.
type Watcher interface {
	Watch(ctx context.Context, see func(Domain)) error
}

// DomainState is the state of a domain on a hypervisor.
type DomainState uint8

// The states of a domain as monitoring reports them.
const (
	DomainUnknown DomainState = iota
	DomainRunning
	DomainPaused    // paused by somebody else, or after an I/O error
	DomainOff       // shut off, or not defined
	DomainFailed    // crashed
	DomainMigrating // being migrated: ignored by monitoring
)

// Domain is a domain in a Poll. Counters start with the domain.
type Domain struct {
	VMID                     int // -1 if the domain is not Renkei's
	DeployID                 string
	State                    DomainState
	CPUPercent               float64 // 100 is one CPU; since the last Poll
	MemoryKiB                int64
	NetRxBytes               int64
	NetTxBytes               int64
	DiskRdBytes, DiskWrBytes int64
	DiskRdOps, DiskWrOps     int64
	DiskSizesMiB             map[int]int64 // by DISK_ID: space that the file uses on the host
}

// HostReport is the monitoring of a host, in OpenNebula's units.
type HostReport struct {
	Hypervisor             string // HYPERVISOR: kvm, qemu, dummy
	Arch                   string
	ModelName              string
	CPUMHz                 int
	HostName               string
	TotalCPU               int // 100 per core
	UsedCPU                int
	TotalMemoryKiB         int64
	UsedMemoryKiB          int64
	NetRxBytes, NetTxBytes int64
	DatastoresMiB          Usage             // of the file system with the VMs' folders
	Extra                  map[string]string // further attributes for the host's TEMPLATE
	PCI                    []PCIDevice       // available for passthrough
	NUMA                   []numa.Node       // empty if VMs cannot be pinned
	NUMALoad               []numa.Load       // of those nodes, as far as it is known
}

// PCIDevice is a device of a host. Numbers are in hexadecimal, without 0x.
type PCIDevice struct {
	Address                           string // domain:bus:slot:function, such as 0000:02:00:1
	Vendor, Device, Class             string
	VendorName, DeviceName, ClassName string
	NUMANode                          int // -1 if there is none
}

// Usage is the capacity of a file system.
type Usage struct{ TotalMiB, UsedMiB, FreeMiB int64 }

// Commander is implemented by hypervisors that can run commands in guests through a guest
// agent, which identifies a command by a number.
type Commander interface {
	// StartCommand starts a command; stdin is in base64. Unlike most calls it is not
	// idempotent: a repeated call runs the command again.
	StartCommand(ctx context.Context, vm VM, command, stdin string) (number int, err error)
	// CommandResult answers nil while the command is running.
	CommandResult(ctx context.Context, vm VM, number int) (*CommandResult, error)
	// KillCommand ends a command. If it has ended, the goal is met.
	KillCommand(ctx context.Context, vm VM, number int) error
}

// CommandResult is the exit code of a command in a guest, with its output in base64.
type CommandResult struct {
	ExitCode       int
	Stdout, Stderr string
}
