package xmlrpc

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"golang.org/x/net/netutil"
)

const (
	defaultGrace = 10 * time.Second
	// lastWords is how long calls that were cut off have to answer that they were.
	lastWords      = time.Second
	mostHeaderSize = 64 << 10
)

// Serve answers the calls that come in on l, and closes it. When ctx ends it
// takes no new ones, waits for those under way as long as Grace says, and then
// cuts off the rest, which is an error.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	calls, cutOff := context.WithCancel(context.WithoutCancel(ctx))
	defer cutOff()
	hs := s.httpServer(calls)
	if err := s.loadTLS(hs); err != nil {
		return errors.Join(err, l.Close())
	}
	ended := make(chan error, 1)
	go func() { ended <- s.accept(hs, l) }()
	select {
	case err := <-ended:
		_ = hs.Close() // whoever is still connected has nobody to talk to
		return fmt.Errorf("accepting connections: %w", err)
	case <-ctx.Done():
		err := s.drain(hs, cutOff)
		<-ended //nolint:errcheck // that nothing is accepted any more is what was wanted
		return err
	}
}

// drain stops hs: gently, then firmly.
func (s *Server) drain(hs *http.Server, cutOff context.CancelFunc) error {
	if stopWithin(hs, orDefault(s.Grace, defaultGrace)) == nil {
		return nil
	}
	cutOff()
	err := fmt.Errorf("stopping: calls were still under way after %v and were cut off", orDefault(s.Grace, defaultGrace))
	if stopWithin(hs, lastWords) != nil {
		_ = hs.Close() // the sockets go, whatever there is to say about it
	}
	return err
}

// stopWithin waits for the calls under way.
func stopWithin(hs *http.Server, grace time.Duration) error {
	ctx, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	return hs.Shutdown(ctx)
}

// loadTLS reads the certificate, if there is to be one.
func (s *Server) loadTLS(hs *http.Server) error {
	if s.TLS == (TLSFiles{}) {
		return nil
	}
	cert, err := tls.LoadX509KeyPair(s.TLS.Cert, s.TLS.Key)
	if err != nil {
		return fmt.Errorf("loading the certificate of the XML-RPC server: %w", err)
	}
	hs.TLSConfig = &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}
	return nil
}

// accept serves connections until hs is stopped.
func (s *Server) accept(hs *http.Server, l net.Listener) error {
	l = netutil.LimitListener(l, s.Limits.withDefaults().Conns)
	if hs.TLSConfig != nil {
		return hs.ServeTLS(l, "", "")
	}
	return hs.Serve(l)
}

// httpServer makes the server under ours. Bodies and answers have deadlines of
// their own: net/http's would also end long calls.
func (s *Server) httpServer(calls context.Context) *http.Server {
	limits := s.Limits.withDefaults()
	hs := &http.Server{
		Handler:           http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.serve(calls, w, r) }),
		ReadHeaderTimeout: limits.ReadTimeout,
		WriteTimeout:      limits.ReadTimeout + limits.CallTimeout + limits.WriteTimeout,
		IdleTimeout:       limits.IdleTimeout,
		MaxHeaderBytes:    mostHeaderSize,
		ErrorLog:          s.ErrorLog,
		Protocols:         new(http.Protocols),
	}
	hs.Protocols.SetHTTP1(true) // all that XML-RPC clients speak
	return hs
}
