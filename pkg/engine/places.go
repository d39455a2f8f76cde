package engine

import (
	"slices"

	"github.com/renkei-vpe/renkei/pkg/effect"
)

// places decides which effects may start. Every host has slots, and so have the front end and
// the hooks. Every effect on a host beyond the first also needs one of the slots that all hosts
// share. So the total is bounded, but an idle host never waits for another one.
type places struct {
	limits Limits
	shared int // shared slots in use
	all    map[int]*place
	lines  []*place // places with waiting lanes, the one that has waited longest first
}

// place is a host, the front end, or the hooks.
type place struct {
	host  bool
	limit int // number of slots
	taken int
	line  []lane // lanes that wait for a slot
}

func newPlaces(l Limits) *places { return &places{limits: l, all: map[int]*place{}} }

// at returns the place with the ID that effects have as their Host.
func (p *places) at(id int) *place {
	if p.all[id] == nil {
		p.all[id] = &place{host: id >= 0, limit: p.limits.slots(id)}
	}
	return p.all[id]
}

// slots returns the number of slots of a place.
func (l Limits) slots(place int) int {
	switch place {
	case effect.FrontEnd:
		return l.FrontEnd
	case effect.HookRunner:
		return l.Hooks
	}
	return l.PerHost
}

// enter takes a slot of a place; without a free slot it returns false and the lane waits.
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

// leave frees a slot of a place.
func (p *places) leave(id int) {
	at := p.at(id)
	p.shared -= at.beyond()
	at.taken--
}

// beyond is 1 if the last slot taken was a shared one.
func (at *place) beyond() int {
	if at.host && at.taken > 1 {
		return 1
	}
	return 0
}

// free reports whether another effect may start at a place.
func (p *places) free(at *place) bool {
	alone := !at.host || at.taken == 0
	return at.taken < at.limit && (alone || p.limits.Shared == 0 || p.shared < p.limits.Shared)
}

// admit returns the next waiting lane that may start, of the place with the fewest effects
// under way. That lane may no longer need a slot, so the caller repeats this until there is
// none.
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
