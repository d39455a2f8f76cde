package placement

import (
	"math"
	"slices"
)

// board is a layout while VMs are moved on it.
type board struct {
	goal   Goal
	tables []*table // the hosts
	crews  []*crew
	left   int // how many VMs may still be moved; for a moment below 0 while two change places
}

// table is a host on the board.
type table struct {
	*seat
	index int
	whole Loads
	load  Loads // shares of whole
	crews []*crew
}

// crew is VMs that are to be on one host: mostly a single one.
type crew struct {
	vms      []*Stay
	home, at *table
	goes     int // where it is to go, by index
	fixed    bool
	cpu      int
	memory   int64
	uses     Loads
	open     []bool // the hosts it may go to, by index
}

func newBoard(l Layout) *board {
	b := &board{goal: l.Goal, left: l.Goal.Moves}
	if b.left < 0 {
		b.left = math.MaxInt
	}
	l.VMs = nil
	for i := range l.Stays {
		l.VMs = append(l.VMs, l.Stays[i].VM)
	}
	r := newRound(l.Situation)
	for i, h := range r.hosts {
		b.tables = append(b.tables, &table{seat: h, index: i, whole: l.Whole[h.ID]})
	}
	for _, vms := range crewsOf(l.Stays) {
		b.seatCrew(r, vms)
	}
	return b
}

// crewsOf puts together the VMs that have to be on one host.
func crewsOf(stays []Stay) [][]*Stay {
	var list [][]*Stay
	of := map[Role]int{} // the crew that a role belongs to
	for i := range stays {
		s := &stays[i]
		at := len(list)
		for _, role := range s.together() {
			if n, there := of[role]; there {
				at = n
			}
		}
		if at == len(list) {
			list = append(list, nil)
		}
		list[at] = append(list[at], s)
		for _, role := range s.together() {
			of[role] = at
		}
	}
	return list
}

func (s *Stay) together() []Role {
	if s.Bonds == nil {
		return nil
	}
	return s.Bonds.Together
}

// seatCrew puts VMs on the board where they are now. Those whose host is not on
// it, or who are apart although they should not be, stay as they are.
func (b *board) seatCrew(r *round, vms []*Stay) {
	c := &crew{vms: vms, open: make([]bool, len(b.tables))}
	for _, v := range vms {
		c.cpu += v.CPU
		c.memory += v.MemoryKiB
		for m, n := range v.Uses {
			c.uses[m] += n
		}
		c.fixed = c.fixed || v.Fixed || v.Host != vms[0].Host || r.classOf(v.Asks).broken != ""
	}
	at := slices.IndexFunc(b.tables, func(t *table) bool { return t.ID == vms[0].Host })
	if at < 0 {
		return
	}
	c.home = b.tables[at]
	for i, t := range b.tables {
		c.open[i] = i == at || !slices.ContainsFunc(vms, func(v *Stay) bool { return !r.welcomes(t.seat, v) })
	}
	b.put(c, c.home)
	c.goes = at
	b.crews = append(b.crews, c)
}

// welcomes tells whether a VM may go to a host at all.
func (r *round) welcomes(h *seat, v *Stay) bool {
	c := r.classOf(v.Asks)
	if _, refused := c.refused[h.ID]; refused || c.broken != "" {
		return false
	}
	if v.Bonds != nil && (slices.Contains(v.Bonds.NotHosts, h.ID) || len(v.Bonds.Hosts) > 0 && !slices.Contains(v.Bonds.Hosts, h.ID)) {
		return false
	}
	return slices.ContainsFunc(c.stores[h.ClusterID], func(d *Datastore) bool { return d.ID == v.Datastore })
}

// put has a crew change its host.
func (b *board) put(c *crew, to *table) {
	if from := c.at; from != nil {
		from.add(c, -1)
		from.crews = slices.DeleteFunc(from.crews, func(other *crew) bool { return other == c })
	}
	c.at = to
	to.add(c, 1)
	to.crews = append(to.crews, c)
}

func (t *table) add(c *crew, sign int) {
	t.FreeCPU -= sign * c.cpu
	t.FreeMemoryKiB -= int64(sign) * c.memory
	for m := range t.load {
		t.load[m] += float64(sign) * c.share(t, m)
	}
}

// share is what a crew adds to the load of a host.
func (c *crew) share(t *table, metric int) float64 {
	if t.whole[metric] == 0 {
		return 0
	}
	return c.uses[metric] / t.whole[metric]
}

// may tells whether a crew may be on a host now.
func (b *board) may(c *crew, t *table) bool {
	return !c.fixed && c.open[t.index] && b.room(c, t) && !t.parts(c)
}

func (b *board) room(c *crew, t *table) bool {
	return t.FreeCPU >= c.cpu && t.FreeMemoryKiB >= c.memory
}

// parts tells whether somebody is there whom the crew is to be apart from.
func (t *table) parts(c *crew) bool {
	return slices.ContainsFunc(t.crews, func(other *crew) bool { return other != c && (c.shuns(other) || other.shuns(c)) })
}

func (c *crew) shuns(other *crew) bool {
	for _, v := range c.vms {
		for _, w := range other.vms {
			if v.Bonds != nil && w.Bonds != nil && slices.Contains(v.Bonds.Apart, w.Bonds.Role) {
				return true
			}
		}
	}
	return false
}

// cost is how many VMs more are away from where they were when a crew goes to a
// host.
func (c *crew) cost(to *table) int {
	switch {
	case c.at == c.home && to != c.home:
		return len(c.vms)
	case c.at != c.home && to == c.home:
		return -len(c.vms)
	}
	return 0
}

func (b *board) affords(n int) bool { return n <= b.left }

// move has a crew change its host for good, as far as is known.
func (b *board) move(c *crew, to *table) {
	b.left -= c.cost(to)
	b.put(c, to)
	c.goes = to.index
}
