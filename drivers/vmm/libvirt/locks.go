package libvirt

import (
	"context"
	"sync"
)

// locks keeps a second call away from a VM that a first one, whose caller has
// given up waiting, still has in hand. The zero value is ready.
type locks struct {
	mu   sync.Mutex
	held map[string]chan struct{} // closed on release
}

// take waits for the lock of that name and answers its release.
func (l *locks) take(ctx context.Context, name string) (release func(), err error) {
	for {
		free := l.try(name)
		if free == nil {
			return func() { l.release(name) }, nil
		}
		select {
		case <-free:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// try takes the lock, or answers what to wait for.
func (l *locks) try(name string) (free <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if busy, ok := l.held[name]; ok {
		return busy
	}
	if l.held == nil {
		l.held = make(map[string]chan struct{})
	}
	l.held[name] = make(chan struct{})
	return nil
}

func (l *locks) release(name string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	close(l.held[name])
	delete(l.held, name)
}
