package dummy

import (
	"time"

	"github.com/renkei-vpe/renkei/drivers"
)

// world keeps hosts, their domains, and the memory of suspended VMs. The
// driver's mutex guards it.
type world interface {
	// domain answers nil when host has no domain of that VM.
	domain(host string, vmID int) (*domain, error)
	domains(host string) ([]*domain, error)
	put(host string, d *domain) error
	// remove and move take a domain that is not there as done.
	remove(host string, vmID int) error
	move(host string, vmID int, to string) error

	checkpoint(at spot) (*checkpoint, error)
	putCheckpoint(at spot, c *checkpoint) error
	removeCheckpoint(at spot) error

	facts(host string) (Facts, error)
	putFacts(host string, f Facts) error
}

// domain is a simulated VM on a host.
type domain struct {
	VMID      int                 `json:"vmid"`
	DeployID  string              `json:"deploy_id"`
	State     drivers.DomainState `json:"state"`
	Started   time.Time           `json:"started"`
	CPU       float64             `json:"cpu"`
	MemoryKiB int64               `json:"memory_kib"`
	DiskMiB   map[int]int64       `json:"disk_mib,omitempty"` // by DISK_ID
	NICs      map[int]bool        `json:"nics,omitempty"`     // by NIC_ID
	Snapshots bool                `json:"snapshots,omitempty"`
	Ejected   bool                `json:"ejected,omitempty"` // its context CD is out of the drive
}

// spot is where the saved memory of a VM lies. Where the simulated disks have a
// folder it is a file there, and travels and ends with them; otherwise all hosts
// see all of them.
type spot struct {
	vmID  int
	place string // the host's name below Settings.Disks
	file  string
}

// checkpoint is a domain that Save ended.
type checkpoint struct {
	File   string  `json:"file"`
	Domain *domain `json:"domain"`
}

// Facts is what a person may decide of a simulated host. Zero values leave it
// as OpenNebula's dummy host is.
type Facts struct {
	Down           bool  `json:"down,omitempty"` // the host does not answer
	TotalCPU       int   `json:"total_cpu,omitempty"`
	TotalMemoryKiB int64 `json:"total_memory_kib,omitempty"`

	PCI []drivers.PCIDevice `json:"pci,omitempty"` // devices that VMs may be given
}
