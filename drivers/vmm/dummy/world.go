package dummy

import (
	"time"

	"github.com/renkei-vpe/renkei/drivers"
)

// world stores hosts, their domains, and checkpoints of suspended VMs. The driver's mutex
// protects it.
type world interface {
	// domain answers nil if host has no domain of that VM.
	domain(host string, vmID int) (*domain, error)
	domains(host string) ([]*domain, error)
	put(host string, d *domain) error
	// remove and move succeed if there is no domain.
	remove(host string, vmID int) error
	move(host string, vmID int, to string) error

	checkpoint(at spot) (*checkpoint, error)
	putCheckpoint(at spot, c *checkpoint) error
	removeCheckpoint(at spot) error

	facts(host string) (Facts, error)
	putFacts(host string, f Facts) error
}

// domain is a simulated domain.
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
	Ejected   bool                `json:"ejected,omitempty"` // its context CD is ejected
}

// spot is where the checkpoint of a VM is stored: with the simulated disks, if these have a
// folder, so that it is moved and deleted with them; otherwise in one place for all hosts.
type spot struct {
	vmID  int
	place string // the host's folder below Settings.Disks
	file  string
}

// checkpoint is a saved domain.
type checkpoint struct {
	File   string  `json:"file"`
	Domain *domain `json:"domain"`
}

// Facts configure a simulated host. Zero values stand for the values of OpenNebula's dummy
// hosts.
type Facts struct {
	Down           bool  `json:"down,omitempty"` // the host does not answer
	TotalCPU       int   `json:"total_cpu,omitempty"`
	TotalMemoryKiB int64 `json:"total_memory_kib,omitempty"`

	PCI []drivers.PCIDevice `json:"pci,omitempty"` // available for passthrough
}
