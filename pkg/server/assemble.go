package server

import (
	"path/filepath"
	"time"

	"github.com/renkei-vpe/renkei/pkg/bus"
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
	"github.com/renkei-vpe/renkei/pkg/transfer"
	"github.com/renkei-vpe/renkei/pkg/user"
	"github.com/renkei-vpe/renkei/pkg/vmrun"
	facade "github.com/renkei-vpe/renkei/xmlrpc/one"
)

// assemble makes the parts that need the store and the drivers.
func (s *Server) assemble(location string) error {
	set := settingsOf(s.config, location)
	set.vms.Secrets, set.rvpe.VMs.Secrets = s.secrets, s.secrets
	set.users.Asker, set.users.Log = s.asker(), s.log
	if err := s.firstStart(set.stores); err != nil {
		return err
	}
	if err := s.countFurther(); err != nil {
		return err
	}
	if err := s.joinAdmin(); err != nil {
		return err
	}
	images := &imagerun.Runner{Store: s.store, Drivers: s.drivers.ds, TM: s.drivers.tm, Markets: s.drivers.markets, VMs: set.vms, Log: s.log}
	s.engine = s.newEngine(images, set)
	s.addWatchers(set)
	s.addSchedulers(set)
	users := user.NewService(s.store, set.users)
	s.addFaces(location, users, images, set)
	if err := s.prepare22(users); err != nil {
		return err
	}
	return s.openWires()
}

// newEngine makes the engine with the runners for the effects of each kind of object.
func (s *Server) newEngine(images *imagerun.Runner, set settings) *engine.Engine {
	c := s.config.Engine
	vms := &vmrun.Runner{
		Store: s.store, VMs: set.vms, Datastores: set.stores, Shutdown: c.Shutdown, Log: s.log, Context: s.contextDirs(),
		Drivers: vmrun.Drivers{VMM: s.drivers.vmm, TM: s.drivers.tm, Net: s.drivers.net, DS: s.drivers.ds, IsLocal: s.drivers.isLocal},
	}
	apps := &marketrun.Runner{Store: s.store, Markets: s.drivers.markets, Images: s.drivers.ds, Secrets: s.secrets, Log: s.log}
	return &engine.Engine{
		Store: s.store, Log: s.log,
		Limits: engine.Limits{
			PerHost: c.PerHost, Shared: c.Shared, FrontEnd: c.FrontEnd, Hooks: s.config.Hooks.Concurrency, Attempts: c.Attempts, Pause: c.Pause,
		},
		Runners: map[one.Kind]engine.Runner{
			one.KindVM:             vms,
			one.KindImage:          images,
			one.KindSecGroup:       vmrun.Groups{Runner: vms},
			one.KindHook:           s.hookRunner(),
			one.KindMarketPlaceApp: apps,
		},
	}
}

// addWatchers adds monitoring, hooks and the event publisher.
func (s *Server) addWatchers(set settings) {
	c := s.config
	s.rings = monitor.NewRings(c.Monitor.Samples)
	s.monitor = &monitor.Monitor{
		Store: s.store, VMs: set.vms, Rings: s.rings, Log: s.log,
		Drivers: monitor.Drivers{VMM: s.drivers.vmm, DS: s.drivers.ds, IsLocal: s.drivers.isLocal},
		Every:   monitor.Intervals{Host: c.Monitor.Host, VM: c.Monitor.VM, Datastore: c.Monitor.Datastore},
	}
	s.markets = &marketrun.Watcher{Store: s.store, Markets: s.drivers.markets, Settings: market.DefaultSettings(), Every: c.Monitor.Market, Log: s.log}
	s.bus = &bus.Bus{Store: s.store, Drawings: drawings(), Listen: c.Events.Listen, Log: s.log}
}

// addSchedulers adds placement, cluster plans and scheduled actions.
func (s *Server) addSchedulers(set settings) {
	c := s.config.Scheduler
	s.placer = &scheduler.Scheduler{Store: s.store, VMs: set.vms, Policy: placement.Policy(c.Policy), Log: s.log}
	s.planner = &scheduler.Planner{
		Store: s.store, VMs: set.vms, Limits: plan.Limits{PerHost: c.MovesPerHost, PerCluster: c.MovesPerCluster},
		Timeout: c.PlanTimeout, Every: c.PlanEvery, Clock: time.Now, Log: s.log,
	}
	s.planned = &schedrun.Worker{Store: s.store, VMs: set.vms, Every: schedrun.Every, Backups: schedrun.DefaultBackups, Clock: time.Now, Log: s.log}
}

// addFaces adds the APIs, and the workers that belong to them.
func (s *Server) addFaces(location string, users *user.Service, images *imagerun.Runner, set settings) {
	c := s.config
	s.one = &facade.Server{
		Store: s.store, Users: users, Monitoring: s.rings, Clock: time.Now, Log: s.log, Events: s.bus,
		Datastores: set.stores, Images: set.images, VMs: set.vms, Networks: set.vms.Network, Markets: market.DefaultSettings(),
		Sizes: images, Backups: images, Drivers: set.users.Drivers, Restricted: restrictedOfUsers(c.Rights), Secrets: s.secrets,
		ClosedToOthers: !c.Auth.OtherPermissions, HashCost: c.Auth.HashCost, Version: c.Version, Config: onedConf(c, set),
	}
	s.one22 = s.newOne22(users, images, set)
	s.killer = s.newKiller()
	depot := &transfer.Depot{Dir: filepath.Join(location, "temporal_transfer"), Chunk: c.RVPE.ChunkKiB << 10}
	guests := s.guests()
	s.rvpe = s.newRVPE(users, depot, guests, set)
	s.transfers = &transfer.Cleaner{Store: s.store, Depot: depot, Guests: guests, Life: c.RVPE.TransferLife, Every: time.Hour, Clock: time.Now, Log: s.log}
}
