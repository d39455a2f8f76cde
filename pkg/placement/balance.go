package placement

import (
	"cmp"
	"math"
	"slices"
)

// balance evens the load, unless it is even enough: it makes the best move, or
// has two crews change places, until nothing makes the load more even, and takes
// back what was not worth it.
func (b *board) balance() {
	if b.peak()-b.mean() < evenEnough {
		return
	}
	for b.bestMove() || b.bestSwap() {
	}
	for b.takeBack() {
	}
}

// strain is what a host adds to the sum that balance lowers. A sum of eighth
// powers follows the highest load, and yet falls when one of several highest
// loads is lowered.
func (b *board) strain(load Loads) (sum float64) {
	for m, w := range b.goal.Weights {
		if w > 0 {
			square := load[m] * load[m]
			fourth := square * square
			sum += w * fourth * fourth
		}
	}
	return sum
}

// shifted is the load of a host with one crew more and another less.
func (t *table) shifted(more, less *crew) Loads {
	load := t.load
	for m := range load {
		if more != nil {
			load[m] += more.share(t, m)
		}
		if less != nil {
			load[m] = max(0, load[m]-less.share(t, m))
		}
	}
	return load
}

// gain is by how much the strain of two hosts falls when crews leave each for
// the other; the second crew may be nil.
func (b *board) gain(c, other *crew, from, to *table) float64 {
	return b.strain(from.load) + b.strain(to.load) - b.strain(from.shifted(other, c)) - b.strain(to.shifted(c, other))
}

// least is the smallest gain that is one: less is an error of arithmetic.
const least = 1e-12

// bestMove makes the best move there is from the host under the highest strain,
// or else from the next.
func (b *board) bestMove() bool {
	for _, from := range b.strained() {
		var who *crew
		var to *table
		best := least
		for _, c := range from.crews {
			for _, t := range b.tables {
				if t == from || !b.affords(c.cost(t)) {
					continue
				}
				if g := b.gain(c, nil, from, t); g > best && b.may(c, t) {
					who, to, best = c, t, g
				}
			}
		}
		if who != nil {
			b.move(who, to)
			return true
		}
	}
	return false
}

// strained lists the hosts, the one under the highest strain first.
func (b *board) strained() []*table {
	list := slices.Clone(b.tables)
	slices.SortStableFunc(list, func(t, u *table) int { return cmp.Compare(b.strain(u.load), b.strain(t.load)) })
	return list
}

// bestSwap looks at what is on the host under the highest strain: two crews may
// change places where neither could move alone.
func (b *board) bestSwap() bool {
	if len(b.tables) == 0 {
		return false
	}
	top := b.strained()[0]
	var mine, theirs *crew
	best := least
	for _, c := range top.crews {
		for _, other := range b.crews {
			if other.at == top || !b.affords(c.cost(other.at)+other.cost(top)) {
				continue
			}
			if g := b.gain(c, other, top, other.at); g > best && b.maySwap(c, other) {
				mine, theirs, best = c, other, g
			}
		}
	}
	if mine == nil {
		return false
	}
	to := theirs.at
	b.move(theirs, top)
	b.move(mine, to)
	return true
}

// maySwap tries two crews in each other's place.
func (b *board) maySwap(c, other *crew) bool {
	if c.fixed || other.fixed {
		return false
	}
	from, to := c.at, other.at
	from.leave(c)
	to.leave(other)
	yes := b.may(c, to) && b.may(other, from)
	from.come(c)
	to.come(other)
	return yes
}

func (t *table) leave(c *crew) {
	t.add(c, -1)
	for i, other := range t.crews {
		if other == c {
			t.crews[i] = &crew{} // keeps the place, and stands against nobody
		}
	}
}

func (t *table) come(c *crew) {
	t.add(c, 1)
	for i, other := range t.crews {
		if len(other.vms) == 0 {
			t.crews[i] = c
			return
		}
	}
}

// peak is the highest load, over all metrics.
func (b *board) peak() (sum float64) {
	for m, w := range b.goal.Weights {
		high := 0.0
		for _, t := range b.tables {
			high = max(high, t.load[m])
		}
		sum += w * high
	}
	return sum
}

// mean is what the peak would be if all hosts had the same load.
func (b *board) mean() (sum float64) {
	for m, w := range b.goal.Weights {
		all := 0.0
		for _, t := range b.tables {
			all += t.load[m]
		}
		sum += w * all / float64(len(b.tables))
	}
	return sum
}

// weight is what a crew adds to the load of its home.
func (b *board) weight(c *crew) (sum float64) {
	for m, w := range b.goal.Weights {
		sum += w * c.share(c.home, m)
	}
	return sum
}

// takeBack sends the crew home whose move lowers the peak least, if that is not
// worth moving it.
func (b *board) takeBack() bool {
	now := b.peak()
	var who *crew
	lowest := math.Inf(1)
	for _, c := range b.crews {
		if c.at == c.home || !b.may(c, c.home) {
			continue
		}
		was := c.at
		b.put(c, c.home)
		if cost := b.peak() - now; cost < worth*b.weight(c)+least && cost < lowest {
			who, lowest = c, cost
		}
		b.put(c, was)
	}
	if who == nil {
		return false
	}
	b.move(who, who.home)
	return true
}
