package engine

import (
	"slices"

	"github.com/renkei-vpe/renkei/pkg/effect"
)

// places say which effects may begin. Each host has a number of slots of its own, and
// so have the places that are no hosts. Hosts share a number of slots beside: all that
// a host has under way beyond one effect takes a shared slot, too, so that what hosts
// have under way is bounded, and a host that has nothing under way waits for no other.
type places struct {
	limits Limits
	shared int // slots that hosts have taken together
	all    map[int]*place
	lines  []*place // where lanes stand in line; the place that has waited longest is first
}

// place is a host, the front end, or where hooks run.
type place struct {
	host  bool
	limit int // slots
	taken int
	line  []lane // who wants a slot
}

func newPlaces(l Limits) *places { return &places{limits: l, all: map[int]*place{}} }

// at answers a place by the number that effects have for it.
func (p *places) at(id int) *place {
	if p.all[id] == nil {
		p.all[id] = &place{host: id >= 0, limit: p.limits.slots(id)}
	}
	return p.all[id]
}

// slots answers how much may be under way at a place.
func (l Limits) slots(place int) int {
	switch place {
	case effect.FrontEnd:
		return l.FrontEnd
	case effect.HookRunner:
		return l.Hooks
	}
	return l.PerHost
}

// enter takes a slot of a place, or puts l in line for one.
func (p *places) enter(id int, l lane) bool {
	at := p.at(id)
	if p.free(at) {
		at.taken++
		p.shared += at.beyond()
		return true
	}
	if len(at.line) == 0 {
		p.lines = append(p.lines, at)
	}
	if !slices.Contains(at.line, l) {
		at.line = append(at.line, l)
	}
	return false
}

// leave gives a slot of a place back.
func (p *places) leave(id int) {
	at := p.at(id)
	p.shared -= at.beyond()
	at.taken--
}

// beyond is 1 when the last slot that was taken is shared.
func (at *place) beyond() int {
	if at.host && at.taken > 1 {
		return 1
	}
	return 0
}

// free tells whether one more effect may begin at a place.
func (p *places) free(at *place) bool {
	alone := !at.host || at.taken == 0
	return at.taken < at.limit && (alone || p.limits.Shared == 0 || p.shared < p.limits.Shared)
}

// admit answers the lane that may try next, if any may: one of the place that has the
// least under way. Who is called may no longer want it, so that the asker goes on until
// nobody is left.
func (p *places) admit() (next lane, some bool) {
	best := -1
	for i, at := range p.lines {
		if p.free(at) && (best < 0 || at.taken < p.lines[best].taken) {
			best = i
		}
	}
	if best < 0 {
		return lane{}, false
	}
	at := p.lines[best]
	p.lines = slices.Delete(p.lines, best, best+1)
	next, at.line = at.line[0], at.line[1:]
	if len(at.line) > 0 {
		p.lines = append(p.lines, at)
	}
	return next, true
}
