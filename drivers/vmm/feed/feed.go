// Package feed distributes events of hypervisors to watchers. A hypervisor's callback must
// never block, and a watcher may be slow, so each watcher has a queue.
package feed

import (
	"context"
	"errors"
	"sync"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/pause"
)

// ErrClosed is the error of watches when a feed is closed.
var ErrClosed = errors.New("the driver was closed")

// Feed has the events of all hosts of a driver. The zero value is ready to use.
type Feed struct {
	mu       sync.Mutex
	closed   bool
	watchers map[*watcher]struct{}
}

type watcher struct {
	host  string
	wake  pause.Bell // rings when there are events
	queue []drivers.Domain
	err   error // why the watch ends
}

// Publish sends an event to the watchers of host. It never blocks.
func (f *Feed) Publish(host string, d drivers.Domain) {
	f.each(host, func(w *watcher) { w.queue = append(w.queue, d) })
}

// Fail ends the watches of host with err, after the events that were published before.
func (f *Feed) Fail(host string, err error) {
	f.each(host, func(w *watcher) { w.err = err })
}

// Close ends all watches, and later ones, with ErrClosed.
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

// Watch calls see for each domain that is published for host from now on, in order and one at a
// time, until ctx ends or the watch fails or is closed. It answers why it has ended.
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
