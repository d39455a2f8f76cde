package qcow2

import (
	"context"
	"sync"
)

// locks are locks by name whose waiters give up when their context ends.
type locks struct {
	mu   sync.Mutex
	held map[string]chan struct{} // closed when the lock is free again
}

// lock waits until name is free and answers how to free it.
func (l *locks) lock(ctx context.Context, name string) (unlock func(), err error) {
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

// try takes the lock, or answers what to wait for.
func (l *locks) try(name string, mine chan struct{}) (other chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if other, taken := l.held[name]; taken {
		return other
	}
	l.held[name] = mine
	return nil
}

func (l *locks) free(name string, mine chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.held, name)
	close(mine)
}
