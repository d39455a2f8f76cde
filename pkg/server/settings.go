package server

import (
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/config"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/rvpe"
	"github.com/renkei-vpe/renkei/pkg/user"
	"github.com/renkei-vpe/renkei/pkg/vm"
	"github.com/renkei-vpe/renkei/pkg/vmrun"
)

// settings are what the rules are told of the configuration.
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
	vms.Restricted = append(slices.Clone(vms.Restricted), c.Quotas.VMAttribute...) // who pays for it must not say how much it is
	vms.Network.Served = c.Network.Drivers
	vms.Network.MACPrefix, _ = c.MACPrefix() // checked when it was loaded
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

// folder is the one that the settings name, or else one below the data folder. It is
// absolute: drivers and guests are told of it.
func (s *Server) folder(named string, below ...string) string {
	if named == "" {
		named = filepath.Join(s.config.Data, filepath.Join(below...))
	}
	if full, err := filepath.Abs(named); err == nil { // else it is as it stands
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

// onedConf is what one.system.config shows: the settings that clients look for,
// under oned.conf's names.
func onedConf(c config.Config) attr.Template {
	var t attr.Template
	for _, pair := range [][2]string{
		{"API_LIST_ORDER", "DESC"}, {"DEFAULT_UMASK", c.Auth.Umask}, {"MAC_PREFIX", c.Network.MACPrefix},
		{"DATASTORE_LOCATION", c.Storage.Location}, {"DEFAULT_IMAGE_TYPE", image.DefaultSettings().DefaultType},
		{"DEFAULT_DEVICE_PREFIX", image.DefaultSettings().DevicePrefix},
		{"CONTEXT_RESTRICTED_DIRS", strings.Join(c.Context.RestrictedDirs, " ")}, {"CONTEXT_SAFE_DIRS", strings.Join(c.Context.SafeDirs, " ")},
		{"CONTEXT_ALLOW_ETH_UPDATES", attr.YesNo(c.Context.ETHUpdates)},
	} {
		t.Set(pair[0], pair[1])
	}
	for _, name := range c.Quotas.VMAttribute {
		t.Add(attr.Attr{Name: "QUOTA_VM_ATTRIBUTE", Value: name})
	}
	drivers := authDrivers(c)
	for _, name := range drivers.Names() {
		t.Add(authConf(name, drivers[name]))
	}
	for _, mad := range []string{"kvm", "qemu", "dummy"} {
		t.Add(attr.NewVector("VM_MAD", attr.Pair{Key: "NAME", Value: mad}))
	}
	for _, name := range slices.Sorted(maps.Keys(datastore.DefaultTMs())) {
		t.Add(attr.NewVector("TM_MAD_CONF", attr.Pair{Key: "NAME", Value: name}))
	}
	return t
}
