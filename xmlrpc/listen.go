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
	// lastWords is how long cancelled calls have to send their response.
	lastWords      = time.Second
	mostHeaderSize = 64 << 10
)

// Serve serves calls on l, and closes it. When ctx ends, it accepts no new calls and waits for
// those under way, but not longer than Grace; then it cancels the rest and returns an error.
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
		_ = hs.Close() // the remaining connections
		return fmt.Errorf("accepting connections: %w", err)
	case <-ctx.Done():
		err := s.drain(hs, cutOff)
		<-ended //nolint:errcheck // an error is expected: the listener was closed
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
		_ = hs.Close() // an error does not matter: the sockets are closed
	}
	return err
}

// stopWithin waits for the calls under way.
func stopWithin(hs *http.Server, grace time.Duration) error {
	ctx, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	return hs.Shutdown(ctx)
}

// loadTLS loads the certificate, if there is one.
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

// httpServer makes the http.Server. Its own deadlines are not used, because they would also end
// long calls.
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
	hs.Protocols.SetHTTP1(true) // XML-RPC clients use nothing else
	return hs
}
