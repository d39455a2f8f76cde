// Package bus publishes what happens, as OpenNebula's hook manager does: a
// ZeroMQ PUB socket that OneFlow, Sunstone and others subscribe to.
//
// What is published is committed, and comes in the order of the commits; a call
// comes after what it changed. Nothing is kept for those who are not there: that
// is what hooks are for.
package bus

import (
	"context"
	"errors"
	"net"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"github.com/renkei-vpe/renkei/pkg/hook"
	"github.com/renkei-vpe/renkei/pkg/pause"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Bus is the socket. Its zero values of what is not exported are ready.
type Bus struct {
	Store    *store.Store
	Drawings hook.Drawings
	Listen   string // address and port
	Log      zerolog.Logger

	mu    sync.Mutex
	peers map[*peer]bool
	queue []pending
	lost  int // events that found the queue full
	wake  pause.Bell
}

// pending is an event that is not published yet.
type pending struct {
	event hook.Event
	snap  store.Reader // what the event's document is drawn from
}

const (
	maxQueue = 1 << 14         // events that wait to be published
	again    = 5 * time.Second // pause before the address is tried again
)

// Run publishes until ctx ends. An address that is in use is tried again: the
// API is more important than the bus.
func (b *Bus) Run(ctx context.Context) {
	for ctx.Err() == nil {
		l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", b.Listen)
		if err == nil {
			b.Serve(ctx, l)
			return
		}
		b.Log.Error().Err(err).Str("listen", b.Listen).Dur("again_in", again).
			Msg("no events are published: choose another address with events.listen, or say events.enabled=false")
		_ = pause.For(ctx, again) // the loop looks whether ctx has ended
	}
}

// Serve publishes on l until ctx ends.
func (b *Bus) Serve(ctx context.Context, l net.Listener) {
	b.mu.Lock()
	b.peers, b.wake = map[*peer]bool{}, pause.NewBell()
	b.mu.Unlock()
	defer b.Store.Watch(b.notice)()
	var all sync.WaitGroup
	all.Go(func() { b.accept(ctx, l, &all) })
	all.Go(func() { b.deliver(ctx) })
	b.Log.Info().Str("listen", l.Addr().String()).Msg("events are published")
	<-ctx.Done()
	l.Close()
	b.hangUp()
	all.Wait()
}

// accept lets subscribers in.
func (b *Bus) accept(ctx context.Context, l net.Listener, all *sync.WaitGroup) {
	for {
		conn, err := l.Accept()
		if ctx.Err() != nil || errors.Is(err, net.ErrClosed) {
			if err == nil {
				conn.Close()
			}
			return
		}
		if err != nil { // too many open files, say
			b.Log.Warn().Err(err).Msg("a subscriber of events was not let in")
			_ = pause.For(ctx, 100*time.Millisecond) // the loop looks whether ctx has ended
			continue
		}
		if p := newPeer(conn); b.admit(p) {
			all.Go(func() { b.attend(p) })
		}
	}
}

// admit takes a subscriber in, unless the bus is closing.
func (b *Bus) admit(p *peer) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.peers == nil {
		p.conn.Close()
		return false
	}
	b.peers[p] = true
	return true
}

// attend serves a subscriber until either side ends it.
func (b *Bus) attend(p *peer) {
	err := p.serve()
	b.mu.Lock()
	_, ours := b.peers[p]
	delete(b.peers, p)
	b.mu.Unlock()
	if ours && err != nil {
		b.Log.Debug().Err(err).Str("remote", p.conn.RemoteAddr().String()).Msg("a subscriber of events is gone")
	}
}

// hangUp ends all subscribers.
func (b *Bus) hangUp() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for p := range b.peers {
		p.conn.Close()
	}
	b.peers = nil
}

// notice runs on the store's writer: it only notes what happened.
func (b *Bus) notice(c store.Commit) {
	if !b.heard() {
		return
	}
	for _, change := range c.Changes {
		if e, ok := b.Drawings.Event(change); ok {
			b.put(pending{e, c.Snap})
		}
	}
}

// Call publishes that a call has ended. What it changed is committed, and
// noticed, before.
func (b *Bus) Call(e hook.Event) {
	if b.heard() {
		b.put(pending{e, b.Store.Read()})
	}
}

// heard tells whether anybody listens.
func (b *Bus) heard() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.peers) > 0
}

func (b *Bus) put(p pending) {
	b.mu.Lock()
	if len(b.queue) < maxQueue {
		b.queue = append(b.queue, p)
	} else {
		b.lost++
	}
	b.mu.Unlock()
	b.wake.Ring()
}

// deliver draws the events and hands them to those who want them.
func (b *Bus) deliver(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-b.wake:
		}
		b.mu.Lock()
		list, lost := b.queue, b.lost
		b.queue, b.lost = nil, 0
		b.mu.Unlock()
		if lost > 0 {
			b.Log.Warn().Int("events", lost).Msg("more happened than could be published; these events were not")
		}
		for _, p := range list {
			b.publish(p)
		}
	}
}

// publish sends an event under each of its topics.
func (b *Bus) publish(p pending) {
	var text []byte
	for _, topic := range topics(p.event) {
		for _, to := range b.wanting(topic) {
			if text == nil {
				text = message(p.event, p.snap)
			}
			to.send([]byte(topic), text)
		}
	}
}

// wanting lists the subscribers of a topic.
func (b *Bus) wanting(topic string) (list []*peer) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for p := range b.peers {
		if p.wants(topic) {
			list = append(list, p)
		}
	}
	return list
}
