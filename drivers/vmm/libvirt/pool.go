package libvirt

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	lv "libvirt.org/go/libvirt"
)

// pool keeps the connections to hosts: opened when first needed, shared, and
// opened anew after they broke.
type pool struct {
	ready func() error // opens the library, or says why there can be no connection at all
	lost  func(host string, err error)

	mu     sync.Mutex
	closed bool
	links  map[linkKey]*link
	work   sync.WaitGroup // calls, and the opening and closing of connections
}

// Each host has two connections: one for what is done to VMs, which may take
// minutes, and one for monitoring, which must not wait for that.
type linkKey struct {
	host, uri string
	role      role
}

type role uint8

const (
	acting role = iota
	watching
)

// link is one connection.
type link struct {
	key    linkKey
	opened chan struct{} // closed when conn and err are there
	conn   *lv.Connect
	err    error
	broken chan struct{} // closed when the connection is lost
	once   sync.Once     // of closing broken
	slots  chan struct{} // one token per call under way
	calls  sync.WaitGroup
}

// callsPerLink is below libvirtd's max_client_requests (5): at that number it
// stops reading from the connection, keep-alives included.
const callsPerLink = 4

// A host that says nothing for keepAliveSeconds × (keepAliveCount + 1) is gone.
const (
	keepAliveSeconds = 5
	keepAliveCount   = 3
)

func newPool(ready func() error, lost func(host string, err error)) *pool {
	return &pool{ready: ready, lost: lost, links: make(map[linkKey]*link)}
}

// take answers an open connection; done gives it back. Before one is opened,
// knock finds out quickly whether the host is there at all.
func (p *pool) take(ctx context.Context, key linkKey, knock func(context.Context) error) (l *link, done func(), err error) {
	if err := p.ready(); err != nil {
		return nil, nil, err
	}
	l, err = p.join(key, knock)
	if err != nil {
		return nil, nil, err
	}
	done = func() {
		l.calls.Done()
		p.work.Done()
	}
	select {
	case <-l.opened:
		if l.err != nil {
			done()
			return nil, nil, l.err
		}
		return l, done, nil
	case <-ctx.Done():
		done()
		return nil, nil, ctx.Err()
	}
}

// join answers the link of key, counted as in use, and starts to open one where
// there is none or only a broken one.
func (p *pool) join(key linkKey, knock func(context.Context) error) (*link, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, errClosed
	}
	l := p.links[key]
	if l != nil && l.dead() {
		p.retire(l)
		l = nil
	}
	if l == nil {
		l = &link{key: key, opened: make(chan struct{}), broken: make(chan struct{}), slots: make(chan struct{}, callsPerLink)}
		p.links[key] = l
		p.work.Go(func() { p.open(l, knock) })
	}
	l.calls.Add(1)
	p.work.Add(1)
	return l, nil
}

// dead tells whether an opened connection is of no more use.
func (l *link) dead() bool {
	select {
	case <-l.opened:
	default:
		return false
	}
	select {
	case <-l.broken:
		return true
	default:
	}
	alive, err := l.conn.IsAlive()
	return err == nil && !alive
}

// retire forgets l, and closes its connection when its last call has ended.
func (p *pool) retire(l *link) {
	delete(p.links, l.key)
	p.work.Go(func() {
		l.calls.Wait()
		l.close()
	})
}

// knockTimeout bounds the first word with a host.
const knockTimeout = 15 * time.Second

func (p *pool) open(l *link, knock func(context.Context) error) {
	defer close(l.opened)
	conn, err := dial(l.key.uri, knock)
	if err != nil {
		l.err = fmt.Errorf("libvirt of host %s (%s): %w", l.key.host, l.key.uri, plain(err))
		p.mu.Lock()
		delete(p.links, l.key) // the next call tries again
		p.mu.Unlock()
		return
	}
	l.conn = conn
	// Drivers inside the library have no connection that could break.
	_ = conn.SetKeepAlive(keepAliveSeconds, keepAliveCount)
	_ = conn.RegisterCloseCallback(func(_ *lv.Connect, why lv.ConnectCloseReason) {
		l.once.Do(func() { close(l.broken) })
		p.lost(l.key.host, fmt.Errorf("libvirt of host %s: %s", l.key.host, closeReason(why)))
	})
}

// dial is not bound to the call that needed the connection first: others wait
// for it as well.
func dial(uri string, knock func(context.Context) error) (*lv.Connect, error) {
	ctx, cancel := context.WithTimeout(context.Background(), knockTimeout)
	defer cancel()
	if err := knock(ctx); err != nil {
		return nil, err
	}
	return lv.NewConnect(uri)
}

func closeReason(why lv.ConnectCloseReason) string {
	switch why {
	case lv.CONNECT_CLOSE_REASON_EOF:
		return "the connection was closed by the host"
	case lv.CONNECT_CLOSE_REASON_KEEPALIVE:
		return "the host does not answer any more"
	case lv.CONNECT_CLOSE_REASON_CLIENT:
		return "the connection was closed"
	default:
		return "the connection broke"
	}
}

func (l *link) close() error {
	<-l.opened
	if l.conn == nil {
		return nil
	}
	_ = l.conn.UnregisterCloseCallback()
	if _, err := l.conn.Close(); err != nil {
		return fmt.Errorf("closing the libvirt of host %s: %w", l.key.host, plain(err))
	}
	return nil
}

// close waits for all calls and ends all connections.
func (p *pool) close() error {
	p.mu.Lock()
	links := p.links
	p.links, p.closed = make(map[linkKey]*link), true
	p.mu.Unlock()
	p.work.Wait()
	var errs []error
	for _, l := range links {
		errs = append(errs, l.close())
	}
	return errors.Join(errs...)
}
