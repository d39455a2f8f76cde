package pause

// Bell wakes who waits for it. However often it rings, he is woken once.
type Bell chan struct{}

// NewBell makes a bell that has not rung.
func NewBell() Bell { return make(Bell, 1) }

// Ring never waits. Who is at work hears it when he waits again.
func (b Bell) Ring() {
	select {
	case b <- struct{}{}:
	default: // it has rung already
	}
}
