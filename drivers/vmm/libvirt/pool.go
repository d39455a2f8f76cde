package libvirt

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	lv "libvirt.org/go/libvirt"
)

// pool has the connections to hosts: they are opened on demand, shared, and opened again after
// they were lost.
type pool struct {
	ready func() error // loads the library, or answers why there can be no connections
	lost  func(host string, err error)

	mu     sync.Mutex
	closed bool
	links  map[linkKey]*link
	work   sync.WaitGroup // calls, and the opening and closing of connections
}

// Each host has two connections: one for operations on VMs, which may take minutes, and one for
// monitoring, which must not wait for them.
type linkKey struct {
	host, uri string
	role      role
}

type role uint8

const (
	acting role = iota
	watching
)

// link is a connection.
type link struct {
	key    linkKey
	opened chan struct{} // closed when conn and err are set
	conn   *lv.Connect
	err    error
	broken chan struct{} // closed when the connection is lost
	once   sync.Once     // of closing broken
	slots  chan struct{} // one token per running call
	calls  sync.WaitGroup
}

// callsPerLink is less than libvirtd's max_client_requests (5), at which it stops reading from
// the connection, even keep-alives.
const callsPerLink = 4

// A host is dead if it is silent for keepAliveSeconds × (keepAliveCount + 1).
const (
	keepAliveSeconds = 5
	keepAliveCount   = 3
)

func newPool(ready func() error, lost func(host string, err error)) *pool {
	return &pool{ready: ready, lost: lost, links: make(map[linkKey]*link)}
}

// take answers an open connection; done returns it. Before one is opened, knock checks quickly
// whether the host is up.
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

// join answers the link of key, counted as in use, and starts to open one if there is none or
// it is dead.
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

// dead tells whether an opened connection is unusable.
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

// retire removes l, and closes its connection when its last call has ended.
func (p *pool) retire(l *link) {
	delete(p.links, l.key)
	p.work.Go(func() {
		l.calls.Wait()
		l.close()
	})
}

// knockTimeout limits the check whether a host is up.
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
	// It fails for drivers inside the library, which have no connection to lose.
	_ = conn.SetKeepAlive(keepAliveSeconds, keepAliveCount)
	_ = conn.RegisterCloseCallback(func(_ *lv.Connect, why lv.ConnectCloseReason) {
		l.once.Do(func() { close(l.broken) })
		p.lost(l.key.host, fmt.Errorf("libvirt of host %s: %s", l.key.host, closeReason(why)))
	})
}

// dial is independent of the call that needed the connection first, as others wait for it, too.
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

// close waits for all calls and closes all connections.
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
