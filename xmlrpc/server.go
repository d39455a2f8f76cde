package xmlrpc

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"
)

// DefaultPath is where XML-RPC servers have their methods.
const DefaultPath = "/RPC2"

// Server answers XML-RPC calls over HTTP. Its fields are set before the first
// call and not changed any more; only Registry, or a Route, is needed.
type Server struct {
	Registry *Registry
	Path     string  // DefaultPath when empty
	Routes   []Route // further paths
	Limits   Limits
	TLS      TLSFiles
	Grace    time.Duration // for calls to end when the server stops, 10 s when zero
	Compress Compression

	Log      func(Record) // called after every request, may be nil
	ErrorLog *log.Logger  // for trouble with connections; nil is the standard logger

	requests atomic.Uint64
	bodies   sync.Pool // *body, calls as they are read
	largest  sync.Pool // *body, room for large ones
	answers  sync.Pool // *document
	blocks   sync.Pool // *[]byte of blockBytes
	large    largeBodies
}

// Route is a path that has methods of its own, or the same in another dialect.
type Route struct {
	Path     string // AnyPath: whatever nothing else is at
	Registry *Registry
}

// AnyPath is the path of a Route for clients that do not care for one.
const AnyPath = "*"

// at answers the methods that a path has, nil when it has none.
func (s *Server) at(path string) (found *Registry) {
	if s.Registry != nil && (path == s.Path || s.Path == "" && path == DefaultPath) {
		return s.Registry
	}
	for _, r := range s.Routes {
		switch r.Path {
		case path:
			return r.Registry
		case AnyPath:
			found = r.Registry
		}
	}
	return found
}

// TLSFiles names a certificate and its key, in PEM. Without them the server
// speaks plain HTTP.
type TLSFiles struct {
	Cert, Key string
}

// Record is what there is to say about a request that was answered.
type Record struct {
	Call          *Call // Method is empty when the request held no call
	Status        int   // of HTTP
	Err           error // in full, also what the caller was not told
	Elapsed       time.Duration
	RequestBytes  int
	ResponseBytes int
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.serve(context.WithoutCancel(r.Context()), w, r)
}

// serve answers a request. A call that is asked for is carried out even when
// the client does not wait, as oned does, so the only thing that ends a call
// early is the end of calls, the context of the whole server, or CallTimeout.
func (s *Server) serve(calls context.Context, w http.ResponseWriter, r *http.Request) {
	start := time.Now()
	rec := Record{Call: &Call{ID: s.requests.Add(1), Remote: r.RemoteAddr}}
	x := &exchange{Server: s, limits: s.Limits.withDefaults(), w: w, r: r, rec: &rec}
	x.run(calls)
	if s.Log != nil {
		_ = http.NewResponseController(w).Flush() // who asked does not wait for the log; an error is the connection's
		rec.Elapsed = time.Since(start)
		s.Log(rec)
	}
}

// exchange is one request and its answer.
type exchange struct {
	*Server
	limits Limits
	w      http.ResponseWriter
	r      *http.Request
	rec    *Record
}

func (x *exchange) run(calls context.Context) {
	if p := x.refusal(); p != nil {
		x.page(p)
		return
	}
	body, p := x.readBody()
	if p != nil {
		x.page(p)
		return
	}
	method, args, err := UnmarshalCall(body.bytes, x.limits)
	x.rec.RequestBytes = len(body.bytes)
	x.release(body)
	if err != nil {
		x.answer(nil, err)
		return
	}
	x.rec.Call.Method, x.rec.Call.Args = method, args
	ctx, cancel := context.WithTimeout(calls, x.limits.CallTimeout)
	defer cancel()
	x.answer(x.dispatch(ctx))
}

// dispatch runs the call. A handler that panics has failed like any other; the
// server lives on.
func (x *exchange) dispatch(ctx context.Context) (v any, err error) {
	defer func() {
		if p := recover(); p != nil {
			v, err = nil, fmt.Errorf("panic in %s: %v\n%s", x.rec.Call.Method, p, debug.Stack())
		}
	}()
	return x.at(x.r.URL.Path).Dispatch(ctx, x.rec.Call)
}

// answer sends the value, or the fault that err is to the caller.
func (x *exchange) answer(v any, err error) {
	d := x.document()
	d.oneLine = x.at(x.r.URL.Path).ruby
	defer x.recycle(d)
	if err == nil {
		err = d.response(v)
	}
	if err != nil {
		d.reset()
		d.fault(asFault(err, x.rec.Call.ID))
	}
	x.rec.Status = http.StatusOK
	x.rec.ResponseBytes = d.size()
	sendErr := x.send(d)
	if sendErr != nil {
		sendErr = fmt.Errorf("sending the answer: %w", sendErr)
	}
	x.rec.Err = errors.Join(err, errors.Join(x.rec.Call.hidden...), sendErr)
}

// document takes an empty document from the pool.
func (x *exchange) document() *document {
	if d, ok := x.answers.Get().(*document); ok {
		return d
	}
	return &document{buf: make([]byte, 0, 4<<10)}
}

// recycle gives a document back, unless it has grown beyond what is usual.
func (x *exchange) recycle(d *document) {
	const usual = 64 << 10
	if cap(d.buf) <= usual {
		d.reset()
		x.answers.Put(d)
	}
}
