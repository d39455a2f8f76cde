package xmlrpc

import (
	"errors"
	"io"
	"net/http"
	"os"
	"time"
)

const (
	// firstBytes is what a body gets to begin with; it grows as bytes arrive, not
	// as the client promises.
	firstBytes = 4 << 10
	// pooledBytes is the largest body that is kept for the next call.
	pooledBytes = 256 << 10
)

// readBody reads the call. It answers the page to refuse it with when it is too
// large, empty, or does not arrive in time.
func (x *exchange) readBody() (*[]byte, *page) {
	control := http.NewResponseController(x.w)
	// Errors of the deadlines mean that the writer has none, as in tests.
	_ = control.SetReadDeadline(time.Now().Add(x.limits.ReadTimeout))
	body := x.body()
	err := readUpTo(body, x.r.Body, x.limits.BodyBytes)
	if err == nil && len(*body) > 0 {
		_ = control.SetReadDeadline(time.Time{})
		return body, nil
	}
	x.release(body)
	switch {
	case err == nil:
		return nil, emptyPage()
	case errors.Is(err, errTooLarge):
		return nil, tooLargePage(x.limits.BodyBytes)
	case errors.Is(err, os.ErrDeadlineExceeded):
		return nil, slowPage(err)
	default:
		return nil, brokenPage(err)
	}
}

// body takes an empty buffer from the pool.
func (x *exchange) body() *[]byte {
	if b, ok := x.bodies.Get().(*[]byte); ok {
		return b
	}
	b := make([]byte, 0, firstBytes)
	return &b
}

// release gives a body back. Nothing that was decoded from it points into it.
func (x *exchange) release(b *[]byte) {
	if cap(*b) <= pooledBytes {
		*b = (*b)[:0]
		x.bodies.Put(b)
	}
}

var errTooLarge = errors.New("body too large")

// readUpTo reads r to its end, or until there is more than most.
func readUpTo(b *[]byte, r io.Reader, most int64) error {
	for {
		if len(*b) == cap(*b) {
			*b = append(*b, 0)[:len(*b)]
		}
		n, err := r.Read((*b)[len(*b):cap(*b)])
		*b = (*b)[:len(*b)+n]
		switch {
		case int64(len(*b)) > most:
			return errTooLarge
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
	}
}
