// Package keylock has locks by name, for work on one of many things: an image in a host's
// cache, a bridge of a host, a VM.
package keylock

import (
	"context"
	"sync"
)

// Locks are locks by name whose waiters give up when their context ends. The zero value is
// ready to use.
type Locks struct {
	mu   sync.Mutex
	held map[string]chan struct{} // closed when the lock is free again
}

// Lock waits until name is free and answers a function that frees it.
func (l *Locks) Lock(ctx context.Context, name string) (unlock func(), err error) {
	for {
		mine := make(chan struct{})
		other := l.try(name, mine)
		if other == nil {
			return func() { l.free(name, mine) }, nil
		}
		select {
		case <-other:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}

// try takes the lock, or answers a channel to wait for.
func (l *Locks) try(name string, mine chan struct{}) (other chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if other, taken := l.held[name]; taken {
		return other
	}
	if l.held == nil {
		l.held = map[string]chan struct{}{}
	}
	l.held[name] = mine
	return nil
}

func (l *Locks) free(name string, mine chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.held, name)
	close(mine)
}
