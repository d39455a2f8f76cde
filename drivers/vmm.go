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
	// Close ends all connections.
	Close() error
}

// Wired is implemented by hypervisors on whose hosts one network driver connects
// all NICs, whatever their networks say: simulated ones, on which nothing of a
// real network can be set up. OpenNebula's one_vmm_dummy asks no driver at all.
type Wired interface {
	// Network is the name of that driver.
	Network() string
}

// Hypervisor runs the VMs of one host.
type Hypervisor interface {
	// Deploy defines and starts vm and answers its name on the hypervisor.
	// A domain of that name that runs already is taken as the goal met.
	Deploy(ctx context.Context, vm VM) (deployID string, err error)
	// Shutdown asks the guest to power off (ACPI) and waits until it is off.
	// When ctx ends first it answers ctx's error and leaves the VM running.
	Shutdown(ctx context.Context, vm VM) error
	// Destroy ends vm at once. A VM that is not there is the goal met. It
	// leaves no definition behind.
	Destroy(ctx context.Context, vm VM) error
	// Reboot asks the guest to restart; Reset restarts it at once.
	Reboot(ctx context.Context, vm VM) error
	Reset(ctx context.Context, vm VM) error
	// Save writes memory to file on the host and ends the domain; Restore
	// starts it again from there.
	Save(ctx context.Context, vm VM, file string) error
	Restore(ctx context.Context, vm VM, file string) (deployID string, err error)
	// Poll tells of every domain that Renkei runs on this host.
	Poll(ctx context.Context) ([]Domain, error)
	// Monitor tells of the host itself.
	Monitor(ctx context.Context) (HostReport, error)
}

// Migrator is implemented by hypervisors that can move a running VM.
type Migrator interface {
	Migrate(ctx context.Context, vm VM, to Host) error
}

// DiskPlugger is implemented by hypervisors that change disks of a running VM.
// Indexes are DISK_ID.
type DiskPlugger interface {
	AttachDisk(ctx context.Context, vm VM, diskID int) error
	DetachDisk(ctx context.Context, vm VM, diskID int) error
}

// NICPlugger is implemented by hypervisors that change NICs of a running VM.
type NICPlugger interface {
	AttachNIC(ctx context.Context, vm VM, nicID int) error
	DetachNIC(ctx context.Context, vm VM, nicID int) error
}

// AliasPlugger is implemented by hypervisors that have to be told of an address more
// on a NIC of a running VM, or one less. Most need not: the guest is told.
type AliasPlugger interface {
	AttachAlias(ctx context.Context, vm VM, nicID int) error
	DetachAlias(ctx context.Context, vm VM, nicID int) error
}

// NICTuner is implemented by hypervisors that change how fast the NICs of a
// running VM may be, to what its template says now.
type NICTuner interface {
	TuneNIC(ctx context.Context, vm VM, nicID int) error
}

// ContextChanger is implemented by hypervisors that take the context CD out of
// the drive of a running VM and put it in again: what is on it may be changed in
// between, and the guest is told by the change of the medium. A drive that is
// empty, or full, already is the goal met.
type ContextChanger interface {
	EjectContext(ctx context.Context, vm VM) error
	InsertContext(ctx context.Context, vm VM) error
}

// Snapshotter is implemented by hypervisors that snapshot whole machines. The
// hypervisor's own name of the snapshot is answered and used later.
type Snapshotter interface {
	CreateSnapshot(ctx context.Context, vm VM, snapshotID int) (name string, err error)
	RevertSnapshot(ctx context.Context, vm VM, name string) error
	DeleteSnapshot(ctx context.Context, vm VM, name string) error
}

// DiskSnapper is implemented by hypervisors that snapshot the disks of a running VM
// themselves. For others the transfer driver does it.
type DiskSnapper interface {
	SnapDisk(ctx context.Context, vm VM, diskID, snapshotID int) error
}

// Resizer is implemented by hypervisors that resize a running VM.
type Resizer interface {
	ResizeDisk(ctx context.Context, vm VM, diskID int, sizeMiB int64) error
	ResizeCapacity(ctx context.Context, vm VM, vcpu int, memoryMiB int64) error
}

// Watcher is implemented by hypervisors that tell of changes by themselves.
// Watch calls see for each change until ctx ends or the connection is lost.
type Watcher interface {
	Watch(ctx context.Context, see func(Domain)) error
}

// DomainState is what a hypervisor can say of a domain.
type DomainState uint8

// The states of a domain as monitoring sees them.
const (
	DomainUnknown DomainState = iota
	DomainRunning
	DomainPaused    // suspended by somebody else, or an I/O error
	DomainOff       // shut off or gone
	DomainFailed    // crashed
	DomainMigrating // busy moving: no news
)

// Domain is one domain in a Poll. Counters count from the domain's start.
type Domain struct {
	VMID                     int // -1 for a domain that is not Renkei's
	DeployID                 string
	State                    DomainState
	CPUPercent               float64 // of one CPU, since the last Poll
	MemoryKiB                int64
	NetRxBytes               int64
	NetTxBytes               int64
	DiskRdBytes, DiskWrBytes int64
	DiskRdOps, DiskWrOps     int64
	DiskSizesMiB             map[int]int64 // by DISK_ID, what the file takes on the host
}

// HostReport is what monitoring learns of a host, in OpenNebula's units.
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
	DatastoresMiB          Usage             // of the folder that holds the VMs
	Extra                  map[string]string // further attributes of the host's TEMPLATE
	PCI                    []PCIDevice       // those that VMs may be given
	NUMA                   []numa.Node       // none where VMs cannot be bound to CPUs
	NUMALoad               []numa.Load       // of those, as far as the host tells
}

// PCIDevice is a device of a host. Numbers are in hexadecimal, without 0x.
type PCIDevice struct {
	Address                           string // domain:bus:slot:function, such as 0000:02:00:1
	Vendor, Device, Class             string
	VendorName, DeviceName, ClassName string
	NUMANode                          int // -1 where there is none
}

// Usage is the capacity of a file system.
type Usage struct{ TotalMiB, UsedMiB, FreeMiB int64 }

// Commander is implemented by hypervisors that run commands in guests, through
// an agent that listens there. A guest knows a command by a number.
type Commander interface {
	// StartCommand starts a command; stdin is in base64. It is one of the few
	// calls that do their work again when they are repeated.
	StartCommand(ctx context.Context, vm VM, command, stdin string) (number int, err error)
	// CommandResult answers nil while the command goes on.
	CommandResult(ctx context.Context, vm VM, number int) (*CommandResult, error)
	// KillCommand ends a command. One that has ended is the goal met.
	KillCommand(ctx context.Context, vm VM, number int) error
}

// CommandResult is how a command in a guest ended, with what it wrote in base64.
type CommandResult struct {
	ExitCode       int
	Stdout, Stderr string
}
