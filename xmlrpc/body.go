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
	// firstBytes is the initial size of a buffer. It grows as bytes arrive, whatever
	// Content-Length the client sends, until it is large.
	firstBytes = 4 << 10
	// smallBytes is the maximum size of bodies that every connection may have, and of buffers that
	// are reused.
	smallBytes = 256 << 10
	// mostLarge is how many larger bodies there may be at the same time.
	mostLarge = 16
)

// body is the body of a request while it is being read.
type body struct {
	bytes []byte
	large bool // holds one of the places of largeBodies
}

// largeBodies limits the number of large bodies, so that many clients together cannot make the
// server allocate Conns × BodyBytes before it has authenticated them.
type largeBodies struct {
	once   sync.Once
	places chan struct{}
}

// enter waits for a place. It returns false after the timeout.
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

// readBody reads the body. If it is too large, empty, or does not arrive in time, it returns
// the error page.
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

// readBefore sets the deadline for reading the request.
func (x *exchange) readBefore(deadline time.Time) {
	// An error means that the connection has no deadlines, as in tests.
	_ = http.NewResponseController(x.w).SetReadDeadline(deadline)
}

// body takes an empty body from the pool.
func (x *exchange) body() *body {
	if b, ok := x.bodies.Get().(*body); ok {
		return b
	}
	return &body{bytes: make([]byte, 0, firstBytes)}
}

// release returns a body to the pool. Decoded values never point into it.
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

// fill reads the body to its end, or to the limit.
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

// grow makes room in a full buffer.
func (x *exchange) grow(b *body) error {
	if len(b.bytes) < cap(b.bytes) {
		return nil
	}
	if !b.large && 2*cap(b.bytes) > smallBytes {
		if b.large = x.large.enter(x.limits.ReadTimeout); !b.large {
			return errBusy
		}
		x.readBefore(time.Now().Add(x.limits.ReadTimeout)) // the client must not lose the time that we waited
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
