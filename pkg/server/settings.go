package server

import (
	"path/filepath"
	"slices"
	"time"

	"github.com/renkei-vpe/renkei/pkg/config"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/rvpe"
	"github.com/renkei-vpe/renkei/pkg/user"
	"github.com/renkei-vpe/renkei/pkg/vm"
	"github.com/renkei-vpe/renkei/pkg/vmrun"
)

// settings are the parts of the configuration for the rules.
type settings struct {
	stores datastore.Settings
	images image.Settings
	users  user.Settings
	vms    vm.Settings
	rvpe   rvpe.Settings
}

func settingsOf(c config.Config, location string) settings {
	vms := vm.DefaultSettings()
	vms.Machine, vms.AllowETHUpdates = c.Libvirt.Machine, c.Context.ETHUpdates
	images := image.DefaultSettings()
	applyRights(c.Rights, &vms, &images)
	vms.Restricted = append(slices.Clone(vms.Restricted), c.Quotas.VMAttribute...) // users must not set attributes for which quotas count them
	vms.Network.Served = c.Network.Drivers
	vms.Network.MACPrefix, _ = c.MACPrefix() // checked when the configuration was loaded
	return settings{
		rvpe: rvpe.Settings{
			HostDriver: c.One22.Hypervisor, NetworkDriver: c.One22.Network, Limit: c.RVPE.UserLimit, MaxVirtualGiB: c.RVPE.ImageMaxGiB,
			Images: images, Networks: vms.Network, VMs: vms,
		},
		stores: datastore.Settings{Location: location, TMs: datastore.DefaultTMs(), DSs: datastore.DefaultDSs()},
		images: images,
		users: user.Settings{
			Cost: c.Auth.HashCost, Expiration: c.Auth.SessionExpiration, Umask: c.Umask(),
			OtherPermissions: c.Auth.OtherPermissions, Clock: time.Now,
			Drivers: authDrivers(c), DefaultDriver: c.Auth.Default, Asking: c.Auth.Concurrency,
		},
		vms: vms,
	}
}

// folder is the configured folder, or else one below the data folder. It is absolute, as
// drivers and guests are given it.
func (s *Server) folder(named string, below ...string) string {
	if named == "" {
		named = filepath.Join(s.config.Data, filepath.Join(below...))
	}
	if full, err := filepath.Abs(named); err == nil { // else it stays relative
		return full
	}
	return named
}

// contextDirs are the folders that CONTEXT/FILES may and must not name. Who says that
// everybody may have a folder's files means it.
func (s *Server) contextDirs() vmrun.ContextDirs {
	c, guests := s.config, s.guests()
	return vmrun.ContextDirs{
		Restricted: c.Context.RestrictedDirs,
		Safe:       slices.Concat(c.Context.SafeDirs, c.One22.ContextFiles, []string{guests.Scripts, guests.Keys}),
	}
}
