package server

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/rs/zerolog"

	"github.com/renkei-vpe/renkei/pkg/bus"
	"github.com/renkei-vpe/renkei/pkg/config"
	"github.com/renkei-vpe/renkei/pkg/engine"
	"github.com/renkei-vpe/renkei/pkg/imagerun"
	"github.com/renkei-vpe/renkei/pkg/market"
	"github.com/renkei-vpe/renkei/pkg/marketrun"
	"github.com/renkei-vpe/renkei/pkg/monitor"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/placement"
	"github.com/renkei-vpe/renkei/pkg/plan"
	"github.com/renkei-vpe/renkei/pkg/schedrun"
	"github.com/renkei-vpe/renkei/pkg/scheduler"
	"github.com/renkei-vpe/renkei/pkg/secret"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/bolt"
	"github.com/renkei-vpe/renkei/pkg/transfer"
	"github.com/renkei-vpe/renkei/pkg/user"
	"github.com/renkei-vpe/renkei/pkg/vmkiller"
	"github.com/renkei-vpe/renkei/pkg/vmrun"
	facade "github.com/renkei-vpe/renkei/xmlrpc/one"
	"github.com/renkei-vpe/renkei/xmlrpc/one22"
	rvpeface "github.com/renkei-vpe/renkei/xmlrpc/rvpe"
)

// Server is a Renkei that is ready to run.
type Server struct {
	config    config.Config
	log       zerolog.Logger
	store     *store.Store
	drivers   *driverSet
	engine    *engine.Engine
	monitor   *monitor.Monitor
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

// New opens the data and makes all parts. What it opened is closed by Run, or
// by Close when Run is never called.
func New(c config.Config, log zerolog.Logger) (*Server, error) {
	// Others may pass, not look: the user that runs VMs has to reach their disks
	// below. What is secret has a mode of its own.
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

// newOn is New on a log that is open; it is closed with the server.
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

// assemble makes the parts that stand on the store and the drivers.
func (s *Server) assemble(location string) error {
	c := s.config
	set := settingsOf(c, location)
	set.vms.Secrets, set.rvpe.VMs.Secrets = s.secrets, s.secrets
	if err := s.firstStart(set.stores); err != nil {
		return err
	}
	if err := s.joinAdmin(); err != nil {
		return err
	}
	rings := monitor.NewRings(c.Monitor.Samples)
	imageRunner := &imagerun.Runner{Store: s.store, Drivers: s.drivers.ds, TM: s.drivers.tm, VMs: set.vms, Log: s.log}
	vmRunner := &vmrun.Runner{
		Store: s.store, VMs: set.vms, Datastores: set.stores, Shutdown: c.Engine.Shutdown, Log: s.log,
		Drivers: vmrun.Drivers{VMM: s.drivers.vmm, TM: s.drivers.tm, Net: s.drivers.net, DS: s.drivers.ds, IsLocal: s.drivers.isLocal},
	}
	s.engine = &engine.Engine{
		Store: s.store, Log: s.log,
		Limits: engine.Limits{
			PerHost: c.Engine.PerHost, Shared: c.Engine.Shared, FrontEnd: c.Engine.FrontEnd, Hooks: c.Hooks.Concurrency,
			Attempts: c.Engine.Attempts, Pause: c.Engine.Pause,
		},
		Runners: map[one.Kind]engine.Runner{
			one.KindVM:       vmRunner,
			one.KindImage:    imageRunner,
			one.KindSecGroup: vmrun.Groups{Runner: vmRunner},
			one.KindHook:     s.hookRunner(),
			one.KindMarketPlaceApp: &marketrun.Runner{
				Store: s.store, Markets: s.drivers.markets, Images: s.drivers.ds, Secrets: s.secrets, Log: s.log,
			},
		},
	}
	s.monitor = &monitor.Monitor{
		Store: s.store, VMs: set.vms, Rings: rings, Log: s.log,
		Drivers: monitor.Drivers{VMM: s.drivers.vmm, DS: s.drivers.ds, IsLocal: s.drivers.isLocal},
		Every:   monitor.Intervals{Host: c.Monitor.Host, VM: c.Monitor.VM, Datastore: c.Monitor.Datastore},
	}
	s.markets = &marketrun.Watcher{Store: s.store, Markets: s.drivers.markets, Settings: market.DefaultSettings(), Every: c.Monitor.Market, Log: s.log}
	s.placer = &scheduler.Scheduler{Store: s.store, VMs: set.vms, Policy: placement.Policy(c.Scheduler.Policy), Log: s.log}
	s.planner = &scheduler.Planner{
		Store: s.store, VMs: set.vms, Limits: plan.Limits{PerHost: c.Scheduler.MovesPerHost, PerCluster: c.Scheduler.MovesPerCluster},
		Timeout: c.Scheduler.PlanTimeout, Every: c.Scheduler.PlanEvery, Clock: time.Now, Log: s.log,
	}
	s.planned = &schedrun.Worker{Store: s.store, VMs: set.vms, Every: schedrun.Every, Backups: schedrun.DefaultBackups, Clock: time.Now, Log: s.log}
	set.users.Asker, set.users.Log = s.asker(), s.log
	users := user.NewService(s.store, set.users)
	depot := &transfer.Depot{Dir: filepath.Join(location, "temporal_transfer"), Chunk: c.RVPE.ChunkKiB << 10}
	guests := s.guests()
	s.transfers = &transfer.Cleaner{Store: s.store, Depot: depot, Guests: guests, Life: c.RVPE.TransferLife, Every: time.Hour, Clock: time.Now, Log: s.log}
	s.one22 = s.newOne22(users, imageRunner, set)
	s.killer = s.newKiller()
	s.bus = &bus.Bus{Store: s.store, Drawings: drawings(), Listen: c.Events.Listen, Log: s.log}
	s.rvpe = s.newRVPE(users, depot, guests, set)
	s.one = &facade.Server{
		Store: s.store, Users: users, Monitoring: rings, Clock: time.Now, Log: s.log, Events: s.bus,
		Datastores: set.stores, Images: set.images, VMs: set.vms, Networks: set.vms.Network, Sizes: imageRunner, Backups: imageRunner,
		Drivers: set.users.Drivers, Restricted: restrictedOfUsers(c.Rights), Secrets: s.secrets, ClosedToOthers: !c.Auth.OtherPermissions, HashCost: c.Auth.HashCost, Version: c.Version, Config: onedConf(c),
	}
	if err := s.welcomeOldTools(users); err != nil {
		return err
	}
	s.one.Markets = market.DefaultSettings()
	return s.openWires()
}
