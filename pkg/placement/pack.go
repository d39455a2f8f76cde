package placement

import (
	"cmp"
	"slices"
)

// pack empties hosts, one after the other, those with the fewest VMs first.
func (b *board) pack() {
	for b.emptyOne() {
	}
}

func (b *board) emptyOne() bool {
	used := slices.DeleteFunc(slices.Clone(b.tables), func(t *table) bool { return len(t.crews) == 0 })
	slices.SortStableFunc(used, func(a, c *table) int {
		return cmp.Or(cmp.Compare(a.people(), c.people()), cmp.Compare(c.FreeCPU, a.FreeCPU))
	})
	for i, t := range used {
		others := slices.Delete(slices.Clone(used), i, i+1)
		slices.Reverse(others) // the fullest first
		if b.empty(t, others) {
			return true
		}
	}
	return false
}

func (t *table) people() (n int) {
	for _, c := range t.crews {
		n += len(c.vms)
	}
	return n
}

// empty gives all that is on a host to others, the largest first, or leaves it.
func (b *board) empty(t *table, others []*table) bool {
	guests := slices.Clone(t.crews)
	slices.SortStableFunc(guests, func(a, c *crew) int {
		return cmp.Or(cmp.Compare(c.cpu, a.cpu), cmp.Compare(c.memory, a.memory))
	})
	for n, c := range guests {
		to := slices.IndexFunc(others, func(o *table) bool { return b.affords(c.cost(o)) && b.may(c, o) })
		if to < 0 {
			for _, gone := range guests[:n] {
				b.move(gone, t)
			}
			return false
		}
		b.move(c, others[to])
	}
	return true
}
