package xsd

import (
	"slices"

	"github.com/beevik/etree"
)

// matcher matches a list of children with a content model. It computes the set of positions at
// which each particle can end, so that it needs no backtracking and handles optional parts
// correctly.
type matcher struct {
	children []*etree.Element
	furthest int      // the first child that was not accepted yet
	expected []string // what would have been accepted there
}

// ends answers the positions at which p can end if it begins at child i.
func (m *matcher) ends(p *particle, i int) []int {
	if p.kind == kindAll {
		return m.all(p, i)
	}
	front, reached := []int{i}, []int{}
	if p.min == 0 {
		reached = append(reached, i)
	}
	for n := 1; (p.max == unbounded || n <= p.max) && len(front) > 0; n++ {
		var next []int
		for _, at := range front {
			next = merge(next, m.once(p, at))
		}
		next = slices.DeleteFunc(next, func(at int) bool { return slices.Contains(front, at) && n > p.min })
		if n >= p.min {
			reached = merge(reached, next)
		}
		front = next
	}
	return reached
}

func merge(to, from []int) []int {
	for _, n := range from {
		if !slices.Contains(to, n) {
			to = append(to, n)
		}
	}
	return to
}

// once matches p a single time.
func (m *matcher) once(p *particle, i int) []int {
	switch p.kind {
	case kindElement, kindAny:
		return m.child(p, i)
	case kindChoice:
		var ends []int
		for _, part := range p.parts {
			ends = merge(ends, m.ends(part, i))
		}
		return ends
	default:
		return m.sequence(p, i)
	}
}

func (m *matcher) child(p *particle, i int) []int {
	if i < len(m.children) && (p.kind == kindAny || m.children[i].Tag == p.element.name) {
		return []int{i + 1}
	}
	name := "any element"
	if p.kind == kindElement {
		name = p.element.name
	}
	m.expect(i, name)
	return nil
}

func (m *matcher) sequence(p *particle, i int) []int {
	front := []int{i}
	for _, part := range p.parts {
		var next []int
		for _, at := range front {
			next = merge(next, m.ends(part, at))
		}
		front = next
	}
	return front
}

// all accepts children in any order, each at most as often as allowed, up to the first that it
// does not know.
func (m *matcher) all(p *particle, i int) []int {
	counts := make([]int, len(p.parts))
	at := i
	for at < len(m.children) {
		k := slices.IndexFunc(p.parts, func(part *particle) bool { return part.element.name == m.children[at].Tag })
		if k < 0 || p.parts[k].max != unbounded && counts[k] == p.parts[k].max {
			break
		}
		counts[k]++
		at++
	}
	complete := true
	for k, part := range p.parts {
		if part.max == unbounded || counts[k] < part.max {
			m.expect(at, part.element.name)
		}
		complete = complete && counts[k] >= part.min
	}
	if complete || at == i && p.min == 0 {
		return []int{at}
	}
	return nil
}

// expect records what would have been accepted at child i, for the message.
func (m *matcher) expect(i int, name string) {
	if i > m.furthest {
		m.furthest, m.expected = i, nil
	}
	if i == m.furthest && !slices.Contains(m.expected, name) {
		m.expected = append(m.expected, name)
	}
}
