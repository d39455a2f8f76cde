package placement

import "math"

// power makes a sum of powers of loads follow the highest of them, and yet tell
// that one of several highest loads was lowered.
const power = 8

// balance evens the load: it makes the best move, or has two crews change
// places, until nothing makes the load more even, and takes back what was not
// worth it.
func (b *board) balance() {
	for b.bestMove() || b.bestSwap() {
	}
	for b.takeBack() {
	}
}

// strain is what a host adds to the sum that balance lowers.
func (b *board) strain(load Loads) (sum float64) {
	for m, w := range b.goal.Weights {
		if w > 0 {
			sum += w * math.Pow(load[m], power)
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

func (b *board) bestMove() bool {
	var who *crew
	var to *table
	best := least
	for _, c := range b.crews {
		for _, t := range b.tables {
			if t == c.at || !b.affords(c.cost(t)) {
				continue
			}
			if g := b.gain(c, nil, c.at, t); g > best && b.may(c, t) {
				who, to, best = c, t, g
			}
		}
	}
	if who != nil {
		b.move(who, to)
	}
	return who != nil
}

// bestSwap looks at what is on the host under the highest strain: two crews may
// change places where neither could move alone.
func (b *board) bestSwap() bool {
	top := b.highest()
	if top == nil {
		return false
	}
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

func (b *board) highest() (top *table) {
	for _, t := range b.tables {
		if top == nil || b.strain(t.load) > b.strain(top.load) {
			top = t
		}
	}
	return top
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
		if cost := (b.peak() - now) / float64(len(c.vms)); cost < worth && cost < lowest {
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
