package xmlrpc

import (
	"context"
	"sync"
	"time"
)

// limited is the context of one call: that of all calls, with CallTimeout. Most calls
// end before anybody asks it for a channel, so that its timer is made only then.
type limited struct {
	context.Context // of all calls

	until time.Time
	mu    sync.Mutex
	real  context.Context // with the timer; nil until it is asked for
	stop  context.CancelFunc
	ended bool
}

func limit(calls context.Context, timeout time.Duration) *limited {
	return &limited{Context: calls, until: time.Now().Add(timeout)}
}

// Deadline implements context.Context.
func (l *limited) Deadline() (time.Time, bool) { return l.until, true }

// Done implements context.Context.
func (l *limited) Done() <-chan struct{} { return l.timed().Done() }

// Err implements context.Context.
func (l *limited) Err() error { return l.timed().Err() }

// Value implements context.Context. What context itself asks for is known to the context
// with the timer, so that those derived from this one need no goroutine.
func (l *limited) Value(key any) any {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.real != nil {
		return l.real.Value(key)
	}
	return l.Context.Value(key)
}

func (l *limited) timed() context.Context {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.real == nil {
		l.real, l.stop = context.WithDeadline(l.Context, l.until)
		if l.ended {
			l.stop()
		}
	}
	return l.real
}

// end is that of the call.
func (l *limited) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ended = true
	if l.stop != nil {
		l.stop()
	}
}
