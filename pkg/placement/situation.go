package placement

import (
	"github.com/renkei-vpe/renkei/pkg/expr"
	"github.com/renkei-vpe/renkei/pkg/numa"
)

// VM is a VM that waits for a host.
type VM struct {
	ID        int
	CPU       int // 100 per CPU
	MemoryKiB int64
	DiskMiB   int64    // in the system datastore
	NotOn     int      // a host that it is to leave; -1 for none
	NICs      []NIC    // of mode AUTO
	Devices   []Device // PCI devices that it wants
	NUMA      numa.Wish
	Asks      Wishes // what it asks for
	Bonds     *Bonds // to other VMs; nil for none
}

// Role is a role of a VM group.
type Role struct {
	Group int
	Name  string
}

// Bonds are what the role of a VM asks of its host.
type Bonds struct {
	Role     Role
	Together []Role // no VM of these may be on another host
	Apart    []Role // no VM of these may be on the host
	Hosts    []int  // none is any
	NotHosts []int
}

// Wishes are the expressions of a VM. It must have all requirements; empty
// ones are always met.
type Wishes struct {
	Requirements, AutomaticRequirements     string
	DSRequirements, AutomaticDSRequirements string
	Rank, DSRank                            string // empty for the policy's, and for the most free space
	Access                                  *Access
}

// Host is a host that may get VMs.
type Host struct {
	ID, ClusterID int
	Name          string
	Closed        string // why it gets no VMs at all; empty when it does
	Attrs         expr.Object
	FreeCPU       int // 100 per CPU
	FreeMemoryKiB int64
	RunningVMs    int
	Roles         map[Role]int // how many VMs of a role are there
	Devices       []Device     // PCI devices that nobody has
	NUMA          numa.Topology
}

// Datastore is a system datastore.
type Datastore struct {
	ID       int
	Name     string
	Closed   string
	Clusters []int
	Attrs    expr.Object
	FreeMiB  int64
	Checked  bool // whether its free space counts
}

// Policy is how VMs that ask for no rank are spread.
type Policy string

// The policies.
const (
	Pack   Policy = "pack"   // hosts with many VMs first
	Stripe Policy = "stripe" // hosts with few VMs first
	Load   Policy = "load"   // hosts with much free CPU first
)

// Situation is what is known when it is decided.
type Situation struct {
	VMs        []VM
	Hosts      []Host
	Datastores []Datastore
	Networks   []Network
	Policy     Policy
}

// Decision is what becomes of one VM. When Reason is empty it goes to the host
// and the datastore; otherwise it waits on, and Reason says why.
type Decision struct {
	VM, Host, Datastore int
	NICs                []Connection
	Reason              string
}
