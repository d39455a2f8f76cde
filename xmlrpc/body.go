package xmlrpc

import (
	"errors"
	"io"
	"net/http"
	"os"
	"sync"
	"time"
)

const (
	// firstBytes is what a body gets to begin with; it grows as bytes arrive, not
	// as the client promises, until it is large.
	firstBytes = 4 << 10
	// smallBytes is the largest body that every connection may have, and that is
	// kept for the next call.
	smallBytes = 256 << 10
	// mostLarge is how many larger bodies there may be at the same time.
	mostLarge = 16
)

// body is a call as it is read.
type body struct {
	bytes []byte
	large bool // it takes one of the places for large bodies
}

// largeBodies has a place for each large body, so that many clients together
// cannot make the server hold Conns × BodyBytes before it knows who they are.
type largeBodies struct {
	once   sync.Once
	places chan struct{}
}

// enter waits for a place. It answers false when there was none in time.
func (l *largeBodies) enter(timeout time.Duration) bool {
	l.once.Do(func() { l.places = make(chan struct{}, mostLarge) })
	timer := time.NewTimer(timeout)
	defer timer.Stop()
	select {
	case l.places <- struct{}{}:
		return true
	case <-timer.C:
		return false
	}
}

func (l *largeBodies) leave() { <-l.places }

// readBody reads the call. It answers the page to refuse it with when it is too
// large, empty, or does not arrive in time.
func (x *exchange) readBody() (*body, *page) {
	b := x.body()
	x.readBefore(time.Now().Add(x.limits.ReadTimeout))
	err := x.fill(b)
	if err == nil && len(b.bytes) > 0 {
		x.readBefore(time.Time{})
		return b, nil
	}
	x.release(b)
	switch {
	case err == nil:
		return nil, emptyPage()
	case errors.Is(err, errTooLarge):
		return nil, tooLargePage(x.limits.BodyBytes)
	case errors.Is(err, errBusy):
		return nil, busyPage()
	case errors.Is(err, os.ErrDeadlineExceeded):
		return nil, slowPage(err)
	default:
		return nil, brokenPage(err)
	}
}

// readBefore sets the time by which the client has to have sent its call.
func (x *exchange) readBefore(deadline time.Time) {
	// An error means that what is below has no deadlines, as in tests.
	_ = http.NewResponseController(x.w).SetReadDeadline(deadline)
}

// body takes an empty body from the pool.
func (x *exchange) body() *body {
	if b, ok := x.bodies.Get().(*body); ok {
		return b
	}
	return &body{bytes: make([]byte, 0, firstBytes)}
}

// release gives a body back. Nothing that was decoded from it points into it.
func (x *exchange) release(b *body) {
	if b.large {
		defer x.large.leave()
		b.large, b.bytes = false, b.bytes[:0]
		x.largest.Put(b)
		return
	}
	b.bytes = b.bytes[:0]
	x.bodies.Put(b)
}

var (
	errTooLarge = errors.New("the body is too large")
	errBusy     = errors.New("too many large bodies at the same time")
)

// fill reads the body to its end, or until there is more than it may have.
func (x *exchange) fill(b *body) error {
	for {
		if err := x.grow(b); err != nil {
			return err
		}
		n, err := x.r.Body.Read(b.bytes[len(b.bytes):cap(b.bytes)])
		b.bytes = b.bytes[:len(b.bytes)+n]
		switch {
		case int64(len(b.bytes)) > x.limits.BodyBytes:
			return errTooLarge
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
	}
}

// grow makes room for more when there is none left.
func (x *exchange) grow(b *body) error {
	if len(b.bytes) < cap(b.bytes) {
		return nil
	}
	if !b.large && 2*cap(b.bytes) > smallBytes {
		if b.large = x.large.enter(x.limits.ReadTimeout); !b.large {
			return errBusy
		}
		x.readBefore(time.Now().Add(x.limits.ReadTimeout)) // the wait was not the client's fault
	}
	if b.large {
		x.enlarge(b)
		return nil
	}
	b.bytes = append(make([]byte, 0, 2*cap(b.bytes)), b.bytes...)
	return nil
}

// enlarge makes room for a large body, reusing the memory of an earlier one: for all of it at
// once, if the client announces the length.
func (x *exchange) enlarge(b *body) {
	want := max(2*int64(cap(b.bytes)), min(x.r.ContentLength, x.limits.BodyBytes)+1)
	var room []byte
	if before, ok := x.largest.Get().(*body); ok && int64(cap(before.bytes)) >= want {
		room = before.bytes
	} else {
		room = make([]byte, 0, want)
	}
	b.bytes = append(room, b.bytes...)
}
