package server

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"

	"github.com/rs/zerolog"

	"github.com/renkei-vpe/renkei/pkg/bus"
	"github.com/renkei-vpe/renkei/pkg/config"
	"github.com/renkei-vpe/renkei/pkg/engine"
	"github.com/renkei-vpe/renkei/pkg/marketrun"
	"github.com/renkei-vpe/renkei/pkg/monitor"
	"github.com/renkei-vpe/renkei/pkg/schedrun"
	"github.com/renkei-vpe/renkei/pkg/scheduler"
	"github.com/renkei-vpe/renkei/pkg/secret"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/bolt"
	"github.com/renkei-vpe/renkei/pkg/transfer"
	"github.com/renkei-vpe/renkei/pkg/vmkiller"
	facade "github.com/renkei-vpe/renkei/xmlrpc/one"
	"github.com/renkei-vpe/renkei/xmlrpc/one22"
	rvpeface "github.com/renkei-vpe/renkei/xmlrpc/rvpe"
)

// Server is a Renkei server.
type Server struct {
	config    config.Config
	log       zerolog.Logger
	store     *store.Store
	drivers   *driverSet
	engine    *engine.Engine
	monitor   *monitor.Monitor
	rings     *monitor.Rings
	markets   *marketrun.Watcher
	placer    *scheduler.Scheduler
	planner   *scheduler.Planner
	bus       *bus.Bus
	planned   *schedrun.Worker
	secrets   *secret.Vault
	one       *facade.Server
	rvpe      *rvpeface.Server
	one22     *one22.Server
	transfers *transfer.Cleaner
	killer    *vmkiller.Worker
	wires     []wire // the API's first

	listeners []net.Listener // of the wires, once Listen opened them
}

// New opens the data folder and makes all parts. Run closes what it opened, or Close if Run is
// not called.
func New(c config.Config, log zerolog.Logger) (*Server, error) {
	// Others may enter, but not list it: QEMU's user has to reach disks below it. Secret files
	// have modes of their own.
	if err := os.MkdirAll(c.Data, 0o711); err != nil {
		return nil, fmt.Errorf("making the data folder: %w", err)
	}
	if err := checkRights(c.Rights); err != nil {
		return nil, err
	}
	location, err := c.DatastoresDir()
	if err != nil {
		return nil, err
	}
	file, err := bolt.Open(filepath.Join(c.Data, "renkei.db"))
	if err != nil {
		return nil, err
	}
	return newOn(file, c, location, log)
}

// newOn is New with an open log, which is closed with the server.
func newOn(file store.Log, c config.Config, location string, log zerolog.Logger) (*Server, error) {
	st, secrets, err := openStore(file, c)
	if err != nil {
		return nil, err
	}
	d, err := openDrivers(c, location, log)
	if err != nil {
		return nil, errors.Join(err, st.Close())
	}
	s := &Server{config: c, log: log, store: st, drivers: d, secrets: secrets}
	if err := s.assemble(location); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}
