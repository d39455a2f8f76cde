package placement

import (
	"container/heap"
	"fmt"
	"math"
	"slices"

	"github.com/renkei-vpe/renkei/pkg/expr"
)

// class is the VMs that ask for the same.
type class struct {
	asks     Wishes
	broken   string // what is wrong with the expressions
	requires []expr.Requirement
	dsNeeds  []expr.Requirement
	rank     *expr.Rank // nil: the policy's
	dsRank   expr.Rank

	hosts      ranking              // hosts that meet the requirements, best first
	refused    map[int]string       // hosts that do not, by ID: the first term that failed
	stores     map[int][]*Datastore // by cluster
	aside      []ranked             // taken out of the ranking for a moment
	generation int                  // of the round when hosts were ranked

	minCPU     int // the least that a VM of this class takes
	minMemory  int64
	failed     []VM // sizes that fitted nowhere
	lastReason string
}

func (r *round) classOf(w Wishes) *class {
	c := r.classes[w]
	if c == nil {
		c = &class{asks: w, minCPU: math.MaxInt, minMemory: math.MaxInt64, generation: -1}
		c.compile()
		if c.broken == "" {
			c.sift(r)
		}
		r.classes[w] = c
	}
	return c
}

// admit makes room in the bounds of the class for a VM.
func (c *class) admit(v VM) {
	c.minCPU = min(c.minCPU, v.CPU)
	c.minMemory = min(c.minMemory, v.MemoryKiB)
}

func (c *class) compile() {
	parse := func(name, text string) (req expr.Requirement, some bool) {
		if text == "" || c.broken != "" {
			return req, false
		}
		req, err := expr.Parse(text)
		if err != nil {
			c.broken = fmt.Sprintf("Error in %s: '%s', error: %v", name, text, err)
		}
		return req, err == nil
	}
	for _, x := range [...]struct {
		name, text string
		into       *[]expr.Requirement
	}{
		{"AUTOMATIC_REQUIREMENTS", c.asks.AutomaticRequirements, &c.requires},
		{"SCHED_REQUIREMENTS", c.asks.Requirements, &c.requires},
		{"AUTOMATIC_DS_REQUIREMENTS", c.asks.AutomaticDSRequirements, &c.dsNeeds},
		{"SCHED_DS_REQUIREMENTS", c.asks.DSRequirements, &c.dsNeeds},
	} {
		if req, some := parse(x.name, x.text); some {
			*x.into = append(*x.into, req)
		}
	}
	rank := c.parseRank("SCHED_RANK", c.asks.Rank)
	if c.asks.Rank != "" {
		c.rank = &rank
	}
	c.dsRank = c.parseRank("SCHED_DS_RANK", c.asks.DSRank)
}

func (c *class) parseRank(name, text string) (rank expr.Rank) {
	if c.broken != "" {
		return rank
	}
	rank, err := expr.ParseRank(text)
	if err != nil {
		c.broken = fmt.Sprintf("Error in %s: '%s', error: %v", name, text, err)
	}
	return rank
}

// sift finds the hosts and datastores that meet the requirements.
func (c *class) sift(r *round) {
	c.refused, c.stores = map[int]string{}, map[int][]*Datastore{}
	for _, d := range r.datastores {
		if d.Closed == "" && c.asks.Access.datastore(d.ID) && failing(c.dsNeeds, d.Attrs) == "" {
			for _, cluster := range d.Clusters {
				c.stores[cluster] = append(c.stores[cluster], d)
			}
		}
	}
	for _, h := range r.hosts {
		switch why := failing(c.requires, h.Attrs); {
		case h.Closed != "":
			c.refused[h.ID] = h.Closed
		case !c.asks.Access.host(h.ID):
			c.refused[h.ID] = "the owner of the VM may not use it"
		case why != "":
			c.refused[h.ID] = why
		case len(c.stores[h.ClusterID]) == 0:
			c.refused[h.ID] = "no system datastore of its cluster meets the requirements"
		default:
			c.hosts.list = append(c.hosts.list, ranked{seat: h, static: c.staticRank(h)})
		}
	}
}

// failing is the first term that an object does not meet.
func failing(requirements []expr.Requirement, o expr.Object) string {
	for _, req := range requirements {
		if !req.Eval(o) {
			return req.Explain(o)
		}
	}
	return ""
}

// staticRank is the part of a rank that does not change while VMs are placed.
func (c *class) staticRank(h *seat) float64 {
	if c.rank == nil {
		return 0
	}
	return c.rank.Eval(h.Attrs)
}

// refresh ranks the hosts anew when VMs of other classes were placed since, and
// drops those that have no room for even the smallest of this class.
func (c *class) refresh(r *round) {
	if c.generation == r.generation {
		return
	}
	c.generation = r.generation
	c.hosts.policy = r.policy
	if c.rank != nil {
		c.hosts.policy = Stripe // hosts of one rank are filled evenly
	}
	c.hosts.list = slices.DeleteFunc(c.hosts.list, func(h ranked) bool { return c.full(h.seat) })
	heap.Init(&c.hosts)
}

func (c *class) full(h *seat) bool { return h.FreeCPU < c.minCPU || h.FreeMemoryKiB < c.minMemory }

// best takes the first host in rank that has room, with a datastore that has,
// and networks that reach it.
// It and those that were passed over leave the ranking until putBack.
func (c *class) best(r *round, v *VM) (*seat, *Datastore, []Connection) {
	for c.hosts.Len() > 0 {
		h := heap.Pop(&c.hosts).(ranked)
		c.aside = append(c.aside, h)
		if h.ID == v.NotOn || !h.fits(v) || !h.equipped(v) || !h.spacious(v) || r.parts(h.seat, v) != "" {
			continue
		}
		d := c.storeFor(h.seat, v)
		if d == nil {
			continue
		}
		if nics, why := r.connect(v, h.seat); why == "" {
			return h.seat, d, nics
		}
	}
	return nil, nil, nil
}

// putBack ranks again what best took out, as it is now, but for hosts that have
// no room left for any VM of this class.
func (c *class) putBack(r *round) {
	for _, h := range c.aside {
		if !c.full(h.seat) {
			heap.Push(&c.hosts, h)
		}
	}
	c.aside = c.aside[:0]
	c.generation = r.generation
}

// storeFor is the datastore of the host's cluster with the highest rank, and of
// those the one with the most free space.
func (c *class) storeFor(h *seat, v *VM) *Datastore {
	var best *Datastore
	var highest float64
	for _, d := range c.stores[h.ClusterID] {
		if d.Checked && d.FreeMiB < v.DiskMiB {
			continue
		}
		rank := c.dsRank.Eval(d.Attrs)
		if best == nil || rank > highest || rank == highest && d.FreeMiB > best.FreeMiB {
			best, highest = d, rank
		}
	}
	return best
}

// hopeless tells whether a VM asks for at least what another asked for in vain:
// hosts only fill up while it is decided.
func (c *class) hopeless(v *VM) bool {
	return slices.ContainsFunc(c.failed, func(f VM) bool {
		return v.CPU >= f.CPU && v.MemoryKiB >= f.MemoryKiB && v.DiskMiB >= f.DiskMiB && (f.NotOn < 0 || f.NotOn == v.NotOn)
	})
}

// remember keeps what a VM asked for in vain. One that waits for networks or
// devices, or that others stand against, tells nothing of others.
func (c *class) remember(v *VM, reason string) {
	if len(v.NICs) > 0 || len(v.Devices) > 0 || !v.NUMA.Nothing() || v.Bonds != nil {
		return
	}
	c.failed, c.lastReason = append(c.failed, *v), reason
}
