// Package feed carries what a hypervisor says by itself to those who watch it.
// A hypervisor's callback must never wait, and a watcher may be slow: between
// them each watcher has a queue of its own.
package feed

import (
	"context"
	"errors"
	"sync"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/pause"
)

// ErrClosed ends the watches of a feed that was closed.
var ErrClosed = errors.New("the driver was closed")

// Feed is the news of all hosts of one driver. The zero value is ready.
type Feed struct {
	mu       sync.Mutex
	closed   bool
	watchers map[*watcher]struct{}
}

type watcher struct {
	host  string
	wake  pause.Bell // rings when there is something to see
	queue []drivers.Domain
	err   error // why the watch ends
}

// Publish tells those who watch host. It never waits.
func (f *Feed) Publish(host string, d drivers.Domain) {
	f.each(host, func(w *watcher) { w.queue = append(w.queue, d) })
}

// Fail ends the watches of host with err, once they have seen what was
// published before.
func (f *Feed) Fail(host string, err error) {
	f.each(host, func(w *watcher) { w.err = err })
}

// Close ends all watches with ErrClosed, and those to come.
func (f *Feed) Close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
	for w := range f.watchers {
		w.err = ErrClosed
		w.wake.Ring()
	}
}

func (f *Feed) each(host string, tell func(*watcher)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for w := range f.watchers {
		if w.host == host {
			tell(w)
			w.wake.Ring()
		}
	}
}

// Watch calls see for each domain published for host from now on, in order and
// one at a time, until ctx ends or the watch is failed or closed. It answers
// why it ended.
func (f *Feed) Watch(ctx context.Context, host string, see func(drivers.Domain)) error {
	w, err := f.join(host)
	if err != nil {
		return err
	}
	defer f.leave(w)
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-w.wake:
		}
		news, err := f.take(w)
		for _, d := range news {
			see(d)
		}
		if err != nil {
			return err
		}
	}
}

func (f *Feed) join(host string) (*watcher, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return nil, ErrClosed
	}
	if f.watchers == nil {
		f.watchers = make(map[*watcher]struct{})
	}
	w := &watcher{host: host, wake: pause.NewBell()}
	f.watchers[w] = struct{}{}
	return w, nil
}

func (f *Feed) leave(w *watcher) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.watchers, w)
}

func (f *Feed) take(w *watcher) ([]drivers.Domain, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	news := w.queue
	w.queue = nil
	return news, w.err
}
