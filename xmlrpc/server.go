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

// DefaultPath is the usual path of XML-RPC servers.
const DefaultPath = "/RPC2"

// Server serves XML-RPC over HTTP. Its fields must not change after the first call. Only
// Registry, or a Route, is required.
type Server struct {
	Registry *Registry
	Path     string  // DefaultPath when empty
	Routes   []Route // further paths
	Limits   Limits
	TLS      TLSFiles
	Grace    time.Duration // how long calls may go on when the server stops, 10 s if zero
	Compress Compression

	Log      func(Record) // called after every request, if not nil
	ErrorLog *log.Logger  // for errors of connections; nil for the standard logger

	requests atomic.Uint64
	bodies   sync.Pool // *body
	largest  sync.Pool // *body, large ones
	answers  sync.Pool // *document
	blocks   sync.Pool // *[]byte of blockBytes
	large    largeBodies
}

// Route is a path with methods of its own, or the same ones in another dialect.
type Route struct {
	Path     string // or AnyPath
	Registry *Registry
}

// AnyPath is the path of a Route for all other paths.
const AnyPath = "*"

// at returns the methods at a path, or nil.
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

// TLSFiles are the files of a certificate and its key, in PEM. Without them, the server uses
// plain HTTP.
type TLSFiles struct {
	Cert, Key string
}

// Record describes a request after it was answered.
type Record struct {
	Call          *Call // Method is empty if the request was not a call
	Status        int   // HTTP status
	Err           error // including internal errors, which the caller does not get
	Elapsed       time.Duration
	RequestBytes  int
	ResponseBytes int
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.serve(context.WithoutCancel(r.Context()), w, r)
}

// serve serves a request. As in oned, a call goes on even if the client disconnects. It is only
// cancelled by calls, the context of the whole server, or by CallTimeout.
func (s *Server) serve(calls context.Context, w http.ResponseWriter, r *http.Request) {
	start := time.Now()
	rec := Record{Call: &Call{ID: s.requests.Add(1), Remote: r.RemoteAddr}}
	x := &exchange{Server: s, limits: s.Limits.withDefaults(), w: w, r: r, rec: &rec}
	x.run(calls)
	if s.Log != nil {
		_ = http.NewResponseController(w).Flush() // the client need not wait for the log
		rec.Elapsed = time.Since(start)
		s.Log(rec)
	}
}

// exchange is a request and its response.
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

// dispatch runs the call. A panic in a handler becomes an error.
func (x *exchange) dispatch(ctx context.Context) (v any, err error) {
	defer func() {
		if p := recover(); p != nil {
			v, err = nil, fmt.Errorf("panic in %s: %v\n%s", x.rec.Call.Method, p, debug.Stack())
		}
	}()
	return x.at(x.r.URL.Path).Dispatch(ctx, x.rec.Call)
}

// answer sends the value, or the fault for err.
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

// recycle returns a document to the pool, unless it has grown too large.
func (x *exchange) recycle(d *document) {
	const usual = 64 << 10
	if cap(d.buf) <= usual {
		d.reset()
		x.answers.Put(d)
	}
}
