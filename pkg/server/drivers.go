package server

import (
	"errors"
	"fmt"
	"maps"
	"path/filepath"

	"github.com/rs/zerolog"

	"github.com/renkei-vpe/renkei/drivers"
	dummyds "github.com/renkei-vpe/renkei/drivers/datastore/dummy"
	"github.com/renkei-vpe/renkei/drivers/datastore/fs"
	"github.com/renkei-vpe/renkei/drivers/dummyaction"
	dummymarket "github.com/renkei-vpe/renkei/drivers/market/dummy"
	"github.com/renkei-vpe/renkei/drivers/market/folder"
	"github.com/renkei-vpe/renkei/drivers/market/linuxcontainers"
	"github.com/renkei-vpe/renkei/drivers/market/onemarket"
	"github.com/renkei-vpe/renkei/drivers/market/s3"
	"github.com/renkei-vpe/renkei/drivers/net/bridge"
	dummynet "github.com/renkei-vpe/renkei/drivers/net/dummy"
	"github.com/renkei-vpe/renkei/drivers/remote"
	dummytm "github.com/renkei-vpe/renkei/drivers/tm/dummy"
	"github.com/renkei-vpe/renkei/drivers/tm/qcow2"
	dummyvmm "github.com/renkei-vpe/renkei/drivers/vmm/dummy"
	"github.com/renkei-vpe/renkei/drivers/vmm/libvirt"
	"github.com/renkei-vpe/renkei/drivers/vmm/probe"
	"github.com/renkei-vpe/renkei/drivers/webget"
	"github.com/renkei-vpe/renkei/pkg/config"
)

// driverSet is all drivers, by their names in objects.
type driverSet struct {
	vmm     map[string]drivers.VMM
	tm      map[string]drivers.Transfer
	ds      map[string]drivers.ImageStore
	net     map[string]drivers.Network
	markets map[string]drivers.Marketplace
	isLocal func(string) bool
	runner  *remote.Runner
}

// openDrivers makes the drivers. They do not connect to hosts yet.
func openDrivers(c config.Config, location string, log zerolog.Logger) (d *driverSet, err error) {
	runner, err := remote.New(remote.Config{SSH: c.Hosts.SSH})
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, runner.Close())
		}
	}()
	isLocal, err := localHosts()
	if err != nil {
		return nil, fmt.Errorf("asking for the addresses of this machine: %w", err)
	}
	disks, err := qcow2.New(runner, location)
	if err != nil {
		return nil, err
	}
	libvirt, err := openLibvirt(c, location, runner, log)
	if err != nil {
		return nil, err
	}
	images, err := imageFiles(c, runner)
	if err != nil {
		return nil, err
	}
	d = dummies(c)
	d.isLocal, d.runner = isLocal, runner
	d.vmm["kvm"], d.vmm["qemu"] = libvirt, libvirt
	for _, mad := range []string{"local", "ssh", "shared", "qcow2"} {
		d.tm[mad] = disks
	}
	d.ds["fs"], d.ds["rsync"] = images, images
	bridges, err := bridge.Drivers(runner, bridge.Settings{Conf: c.Network.Conf, LinkConf: c.Network.LinkConf})
	if err != nil {
		return nil, err
	}
	maps.Copy(d.net, bridges)
	d.markets = marketplaces(c)
	return d, nil
}

// marketplaces are the drivers of marketplaces. What lists a public one says that it is
// OpenNebula's market driver: some list other apps for other versions.
func marketplaces(c config.Config) map[string]drivers.Marketplace {
	return map[string]drivers.Marketplace{
		"http": folder.Store{}, "file": folder.Store{}, "s3": s3.New(),
		"one":             onemarket.Lister{Endpoint: c.Markets.One, Web: webget.Getter{Agent: "OpenNebula " + c.Version + " (Market Driver) Renkei"}},
		"linuxcontainers": linuxcontainers.Lister{Endpoint: c.Markets.LinuxContainers, Web: webget.Getter{Agent: "OpenNebula " + c.Version + " Renkei"}},
		"dummy":           &dummymarket.Store{Actions: dummyaction.Actions{Dir: c.Dummy.Actions, Delay: c.Dummy.Delay}},
	}
}

// imageFiles makes the driver of datastores that are folders. The server's own files never
// become images.
func imageFiles(c config.Config, runner *remote.Runner) (*fs.Store, error) {
	data, err := filepath.Abs(c.Data)
	if err != nil {
		return nil, err
	}
	return fs.New(fs.Config{Runner: runner, Restricted: []string{data}}), nil
}

// dummies are the drivers of simulated hosts. Their state is in a folder, so that it survives a
// restart of the server, as real hosts do.
func dummies(c config.Config) *driverSet {
	world := filepath.Join(c.Data, "dummy")
	told := dummyaction.Actions{Dir: c.Dummy.Actions, Delay: c.Dummy.Delay}
	return &driverSet{
		vmm: map[string]drivers.VMM{"dummy": dummyvmm.New(dummyvmm.Settings{
			Dir: world, Disks: filepath.Join(world, "disks"), ActionsDir: c.Dummy.Actions, MinDelay: c.Dummy.Delay, MaxDelay: c.Dummy.Delay,
			PCI: c.Dummy.PCI, NUMA: dummyvmm.Nodes(c.Dummy.NUMA),
		})},
		tm:  map[string]drivers.Transfer{"dummy": &dummytm.Transfer{Actions: told, Marks: filepath.Join(world, "disks")}},
		ds:  map[string]drivers.ImageStore{"dummy": &dummyds.Store{Actions: told, Backups: filepath.Join(world, "backups")}},
		net: map[string]drivers.Network{"dummy": &dummynet.Network{Actions: told}},
	}
}

// openLibvirt makes the libvirt driver, with a prober that tells whether KVM works on a host.
func openLibvirt(c config.Config, location string, runner *remote.Runner, log zerolog.Logger) (*libvirt.Driver, error) {
	prober, err := probe.New(probe.Settings{
		Type: c.Libvirt.Domain, CacheDir: c.Data, Kernel: c.Libvirt.ProbeKernel, Run: runner.Command, Log: log,
	})
	if err != nil {
		return nil, err
	}
	return libvirt.New(libvirt.Settings{
		URI: c.Libvirt.RemoteURI, LocalURI: c.Libvirt.URI, MigrateURI: c.Libvirt.MigrateURI, Type: prober.Type, TemplatesDir: c.Libvirt.Templates,
		DatastoresDir: location, PCI: c.Libvirt.PCI, Run: runner.Command, Log: log,
	})
}

// Close closes all connections to hosts.
func (d *driverSet) Close() error {
	var errs []error
	closed := map[drivers.VMM]bool{}
	for _, v := range d.vmm {
		if !closed[v] {
			closed[v] = true
			errs = append(errs, v.Close())
		}
	}
	return errors.Join(append(errs, d.runner.Close())...)
}
