package placement

import "slices"

// Loads are shares of a host, or what VMs add to them, by metric.
type Loads [metrics]float64

// The metrics that a load may be measured in.
const (
	CPUUsage = iota // what VMs use
	CPU             // what they were promised
	Memory
	Disk // traffic
	Net
	metrics
)

// Stay is where a VM is, and what it does there.
type Stay struct {
	VM
	Host, Datastore int
	Uses            Loads // in the units of Layout.Whole
	Fixed           bool  // it is not to be moved
}

// Layout is a cluster whose VMs may be moved to better places. What hosts have
// free is without what the VMs take that are there.
type Layout struct {
	Situation
	Stays []Stay
	Whole map[int]Loads // what each host has, by ID
	Goal  Goal
}

// Goal is what VMs are moved for.
type Goal struct {
	Pack    bool  // few hosts in use; otherwise an even load
	Weights Loads // what an even load means
	Moves   int   // the most VMs that may be moved, -1 for any number
}

// Move is a VM that is to change its host.
type Move struct{ VM, Host, Datastore int }

// worth is by how much moving a VM has to lower the highest load, as a part of
// what the VM adds to the load of a host.
const worth = 0.1

// evenEnough is how much higher than the mean the highest load of a cluster may
// be that is left as it is.
const evenEnough = 0.01

// Optimize answers the moves that lead to the goal, in an order in which hosts
// have room for each, where there is one. It seeks step by step what is better,
// so what it finds need not be the best there is.
func Optimize(l Layout) []Move {
	b := newBoard(l)
	if b.goal.Pack {
		b.pack()
	} else {
		b.balance()
	}
	return b.moves()
}

// moves lists what has changed on the board, those first that find room.
func (b *board) moves() (list []Move) {
	var left []*crew
	for _, c := range b.crews {
		if c.at != c.home {
			left = append(left, c)
		}
	}
	for _, c := range left { // as it was before
		b.put(c, c.home)
	}
	for len(left) > 0 {
		next := max(0, slices.IndexFunc(left, func(c *crew) bool { return b.room(c, b.tables[c.goes]) }))
		c := left[next]
		b.put(c, b.tables[c.goes])
		for _, v := range c.vms {
			list = append(list, Move{VM: v.ID, Host: c.at.ID, Datastore: v.Datastore})
		}
		left = slices.Delete(left, next, next+1)
	}
	return list
}
