package server

import (
	"context"
	"errors"
	"net"
	"sync"
	"time"
)

// Run serves on l, which Listen answered, and on the other listeners until ctx ends, then waits
// for running calls, stops the workers and closes the store. Effects that are running stay in
// the queue for the next start.
func (s *Server) Run(ctx context.Context, l net.Listener) error {
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	var workers sync.WaitGroup
	for _, run := range s.workers() {
		workers.Go(func() { run(work) })
	}
	begin := time.Now()
	err := s.serveWires(ctx, l)
	stop()
	workers.Wait()
	s.log.Info().Dur("served", time.Since(begin)).Msg("stopped")
	return errors.Join(err, s.Close())
}

// workers are the background tasks.
func (s *Server) workers() []func(context.Context) {
	list := []func(context.Context){s.engine.Run, s.monitor.Run, s.markets.Run, s.planned.Run, s.transfers.Run}
	if s.config.Scheduler.Enabled {
		list = append(list, s.placer.Run, s.planner.Run)
	}
	if s.config.RVPE.Killer.After > 0 {
		list = append(list, s.killer.Run)
	}
	if s.config.Events.Enabled {
		list = append(list, s.bus.Run)
	}
	return list
}

// Close closes all connections and the store.
func (s *Server) Close() error {
	return errors.Join(s.closeListeners(), s.drivers.Close(), s.store.Close())
}
