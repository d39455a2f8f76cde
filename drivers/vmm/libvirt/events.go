package libvirt

import (
	"sync"
	"sync/atomic"

	lv "libvirt.org/go/libvirt"
)

// registerEvents tells the library, once for the whole process, that somebody
// will run its events. It is also the first call into it, which opens it.
var registerEvents = sync.OnceValue(lv.EventRegisterDefaultImpl)

// eventLoop runs libvirt's events: news of domains, and the keep-alive that
// finds a dead host.
type eventLoop struct {
	err   error // why there are none
	timer int
	ended atomic.Bool
	done  chan struct{}
}

// wakeMillis is how often a loop that is to end is woken until it has seen it:
// of two drivers in one process one may catch the other's wake-up.
const wakeMillis = 10

func startEvents() *eventLoop {
	l := &eventLoop{done: make(chan struct{})}
	if l.err = plain(registerEvents()); l.err == nil {
		// Disabled until stop: it only wakes the loop.
		l.timer, l.err = lv.EventAddTimeout(-1, func(int) {})
	}
	if l.err != nil {
		close(l.done)
		return l
	}
	go l.run()
	return l
}

func (l *eventLoop) run() {
	defer close(l.done)
	for !l.ended.Load() {
		if lv.EventRunDefaultImpl() != nil {
			return // the library is of no use any more; calls will say why
		}
	}
}

// stop ends the loop and waits for its end.
func (l *eventLoop) stop() {
	if l.err != nil || l.ended.Swap(true) {
		<-l.done
		return
	}
	lv.EventUpdateTimeout(l.timer, wakeMillis)
	<-l.done
	// What can go wrong is that there is no such timer, which is the goal.
	_ = lv.EventRemoveTimeout(l.timer)
}
