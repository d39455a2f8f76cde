package placement

// Decide places each VM or says why not. Hosts fill up as VMs are placed.
func Decide(s Situation) []Decision {
	r := newRound(s)
	decisions := make([]Decision, 0, len(s.VMs))
	for i := range s.VMs {
		decisions = append(decisions, r.place(&s.VMs[i]))
	}
	return decisions
}

// round is one run of Decide: its own copy of what fills up.
type round struct {
	policy     Policy
	hosts      []*seat
	datastores []*Datastore
	networks   []*Network
	classes    map[Wishes]*class
	generation int              // counts placements
	homes      map[Role][]*seat // where the VMs of a role are
}

// seat is a host while it is filled.
type seat struct {
	Host
}

func newRound(s Situation) *round {
	r := &round{policy: s.Policy, classes: map[Wishes]*class{}, homes: map[Role][]*seat{}}
	for _, h := range s.Hosts {
		r.seat(h)
	}
	for _, d := range s.Datastores {
		r.datastores = append(r.datastores, &d)
	}
	for _, n := range s.Networks {
		r.networks = append(r.networks, &n)
	}
	for _, v := range s.VMs {
		r.classOf(v.Asks).admit(v)
	}
	return r
}

// place finds the best host that has room, and takes it there.
func (r *round) place(v *VM) Decision {
	c := r.classOf(v.Asks)
	if c.broken != "" {
		return Decision{VM: v.ID, Host: -1, Datastore: -1, Reason: c.broken}
	}
	if c.hopeless(v) {
		return Decision{VM: v.ID, Host: -1, Datastore: -1, Reason: c.lastReason}
	}
	c.refresh(r)
	defer c.putBack(r)
	h, d, nics := c.best(r, v)
	if h == nil {
		reason := r.explain(c, v)
		c.remember(v, reason)
		return Decision{VM: v.ID, Host: -1, Datastore: -1, Reason: reason}
	}
	h.take(v)
	r.settle(h, v)
	d.FreeMiB -= v.DiskMiB
	r.take(nics)
	r.generation++
	return Decision{VM: v.ID, Host: h.ID, Datastore: d.ID, NICs: nics}
}

func (h *seat) take(v *VM) {
	h.FreeCPU -= v.CPU
	h.FreeMemoryKiB -= v.MemoryKiB
	h.RunningVMs++
	if len(v.Devices) > 0 {
		h.Devices, _ = without(h.Devices, v.Devices)
	}
	if !v.NUMA.Nothing() {
		h.NUMA = h.NUMA.Clone() // the situation's own stays
		h.NUMA.Give(v.ID, v.NUMA)
	}
}

func (h *seat) fits(v *VM) bool { return h.FreeCPU >= v.CPU && h.FreeMemoryKiB >= v.MemoryKiB }
