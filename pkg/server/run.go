package server

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/renkei-vpe/renkei/xmlrpc"
	facade "github.com/renkei-vpe/renkei/xmlrpc/one"
)

// face puts the methods on the wire.
func (s *Server) face(one *facade.Server) error {
	registry := xmlrpc.New()
	if err := registry.Add(one.Methods()...); err != nil {
		return err
	}
	c := s.config
	s.wire = &xmlrpc.Server{
		Registry: registry,
		Path:     c.Path,
		Limits: xmlrpc.Limits{
			BodyBytes: int64(c.Limits.BodyMiB) << 20, Conns: c.Limits.Connections, CallTimeout: c.Limits.CallTimeout,
		},
		TLS:   xmlrpc.TLSFiles{Cert: c.TLS.Cert, Key: c.TLS.Key},
		Grace: c.Limits.DrainGrace,
		Log:   logCalls(s.log),
	}
	return nil
}

// Listen opens the listener that the configuration names.
func (s *Server) Listen() (net.Listener, error) {
	l, err := net.Listen("tcp", s.config.Listen)
	if err != nil {
		return nil, fmt.Errorf("listening on %s: %w (does another server run there? choose another with --listen)", s.config.Listen, err)
	}
	return l, nil
}

// Run serves on l until ctx ends, then lets calls finish, stops the workers and
// closes the store. Effects under way stay in the queue for the next start.
func (s *Server) Run(ctx context.Context, l net.Listener) error {
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	var workers sync.WaitGroup
	for _, run := range s.workers() {
		workers.Add(1)
		go func() {
			defer workers.Done()
			run(work)
		}()
	}
	s.log.Info().Str("listen", l.Addr().String()).Str("path", s.config.Path).Str("data", s.config.Data).Msg("ready")
	begin := time.Now()
	err := s.wire.Serve(ctx, l)
	stop()
	workers.Wait()
	s.log.Info().Dur("served", time.Since(begin)).Msg("stopped")
	return errors.Join(err, s.Close())
}

// workers are what runs beside the faces.
func (s *Server) workers() []func(context.Context) {
	list := []func(context.Context){s.engine.Run, s.monitor.Run}
	if s.config.Scheduler.Enabled {
		list = append(list, s.placer.Run)
	}
	return list
}

// Close ends all connections and closes the store.
func (s *Server) Close() error { return errors.Join(s.drivers.Close(), s.store.Close()) }
