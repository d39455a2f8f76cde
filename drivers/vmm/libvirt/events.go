package libvirt

import (
	"sync"
	"sync/atomic"

	lv "libvirt.org/go/libvirt"
)

// registerEvents registers the event loop implementation, once for the process. It is the first
// call into the library, and loads it.
var registerEvents = sync.OnceValue(lv.EventRegisterDefaultImpl)

// eventLoop runs libvirt's events: changes of domains, and keep-alives, which detect dead
// hosts.
type eventLoop struct {
	err   error // why there are none
	timer int
	ended atomic.Bool
	done  chan struct{}
}

// wakeMillis is the interval at which a loop that should end is woken until it has noticed: if
// there are two drivers in a process, one may get the other's wake-ups.
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
			return // the library is unusable; calls will say why
		}
	}
}

// stop ends the loop and waits for it.
func (l *eventLoop) stop() {
	if l.err != nil || l.ended.Swap(true) {
		<-l.done
		return
	}
	lv.EventUpdateTimeout(l.timer, wakeMillis)
	<-l.done
	// It only fails if there is no such timer.
	_ = lv.EventRemoveTimeout(l.timer)
}
