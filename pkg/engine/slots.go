package engine

import "github.com/renkei-vpe/renkei/pkg/effect"

// slots are a host's places for effects under way, and who stands in line.
type slots struct {
	free int
	line []lane
}

// of answers how much may be under way at a place.
func (l Limits) of(host int) int {
	switch host {
	case effect.FrontEnd:
		return l.FrontEnd
	case effect.HookRunner:
		return l.Hooks
	}
	return l.PerHost
}

// slotsOf answers the slots of a host, or of a place that is none. e.mu is held.
func (e *Engine) slotsOf(host int) *slots {
	s := e.hosts[host]
	if s == nil {
		s = &slots{free: e.Limits.of(host)}
		e.hosts[host] = s
	}
	return s
}

// enter takes a slot, or puts l in line for one.
func (s *slots) enter(l lane) bool {
	if s.free > 0 {
		s.free--
		return true
	}
	for _, waits := range s.line {
		if waits == l {
			return false
		}
	}
	s.line = append(s.line, l)
	return false
}

// leave gives a slot back.
func (s *slots) leave() { s.free++ }

// admit answers the lane that may try next, while a slot is free. Who is called
// may no longer want it, so that the asker goes on until nobody is left.
func (s *slots) admit() (next lane, some bool) {
	if s.free == 0 || len(s.line) == 0 {
		return lane{}, false
	}
	next, s.line = s.line[0], s.line[1:]
	return next, true
}
