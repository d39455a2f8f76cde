package dummy

import (
	"math/rand/v2"
	"net/url"
	"sync"
	"time"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/vmm/feed"
)

// Settings of the dummy driver. With the zero value every action succeeds at once, and all is
// lost when the program ends.
type Settings struct {
	Dir        string // folder of the hosts; "" keeps them in memory
	Disks      string // folder of the simulated disks (Marks of tm/dummy); checkpoints are then stored with them
	ActionsDir string // scripted results, one file per action; "" for none

	PCI  []string // PCI devices of each host without others: vendor:device:class
	NUMA Nodes    // NUMA nodes of each host; the zero value is none

	MinDelay, MaxDelay time.Duration // each action takes a random time between the two
	FailureRate        float64       // this fraction of all actions fails, from 0 to 1

	Now    func() time.Time // nil for time.Now
	Chance func() float64   // a number in [0,1), nil for a random one
}

// Driver is the dummy driver. It is safe for concurrent use.
type Driver struct {
	settings Settings
	script   script
	feed     feed.Feed

	mu     sync.Mutex // held while the world changes
	closed bool
	world  world
}

var (
	_ drivers.VMM   = (*Driver)(nil)
	_ drivers.Wired = (*hypervisor)(nil)
)

// New makes a driver. It does no I/O: if a folder cannot be used, the first call that needs it
// fails.
func New(s Settings) *Driver {
	if s.Now == nil {
		s.Now = time.Now
	}
	if s.Chance == nil {
		s.Chance = rand.Float64
	}
	d := &Driver{settings: s, script: script{dir: s.ActionsDir}, world: newMemory()}
	if s.Dir != "" {
		d.world = folder{root: s.Dir, disks: s.Disks}
	}
	return d
}

// Network is "dummy": simulated hosts have simulated networks.
func (h *hypervisor) Network() string { return "dummy" }

// On answers the simulated host h, which needs no other preparation.
func (d *Driver) On(h drivers.Host) drivers.Hypervisor {
	place := "local" // as tm/dummy names hosts below its Marks
	if !h.Local {
		place = url.PathEscape(h.Name)
	}
	return &hypervisor{driver: d, host: h.Name, place: place}
}

// Close makes all later calls fail, and ends all watches.
func (d *Driver) Close() error {
	d.mu.Lock()
	d.closed = true
	d.mu.Unlock()
	d.feed.Close()
	return nil
}
