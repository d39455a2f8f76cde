package server

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/config"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/market"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// onedConf returns the configuration for one.system.config: the values that are in effect, under
// their names in oned.conf. Sunstone builds forms from it, so no attribute that
// oned.conf repeats may be missing.
func onedConf(c config.Config, set settings) attr.Template {
	var t attr.Template
	for _, pair := range [][2]string{
		{"API_LIST_ORDER", "DESC"}, {"DEFAULT_UMASK", c.Auth.Umask}, {"MAC_PREFIX", c.Network.MACPrefix},
		{"DATASTORE_LOCATION", c.Storage.Location}, {"DEFAULT_IMAGE_TYPE", set.images.DefaultType},
		{"DEFAULT_DEVICE_PREFIX", set.images.DevicePrefix}, {"DATASTORE_CAPACITY_CHECK", attr.YesNo(!set.images.SkipCapacityCheck)},
		{"ENABLE_OTHER_PERMISSIONS", attr.YesNo(c.Auth.OtherPermissions)}, {"DEFAULT_AUTH", cmp.Or(c.Auth.Default, "default")},
		{"CONTEXT_RESTRICTED_DIRS", strings.Join(c.Context.RestrictedDirs, " ")}, {"CONTEXT_SAFE_DIRS", strings.Join(c.Context.SafeDirs, " ")},
		{"CONTEXT_ALLOW_ETH_UPDATES", attr.YesNo(set.vms.AllowETHUpdates)}, {"VM_SUBMIT_ON_HOLD", attr.YesNo(set.vms.SubmitOnHold)},
		{"VM_SNAPSHOT_FACTOR", number(set.vms.SnapshotFactor)}, {"PCI_PASSTHROUGH_BUS", set.vms.PCIBus},
		{"VM_ADMIN_OPERATIONS", set.vms.AdminOps}, {"VM_MANAGE_OPERATIONS", set.vms.ManageOps}, {"VM_USE_OPERATIONS", set.vms.UseOps},
		{"SHOWBACK_ONLY_RUNNING", attr.YesNo(set.vms.Costs.OnlyRunning)}, {"DRS_INTERVAL", number(c.Scheduler.PlanEvery.Seconds())},
	} {
		t.Set(pair[0], pair[1])
	}
	addSections(&t, set.vms)
	addLists(&t, c, set)
	addDrivers(&t, c, set)
	return t
}

// addSections adds the vector attributes that occur once in oned.conf.
func addSections(t *attr.Template, vms vm.Settings) {
	t.Add(attr.NewVector("DEFAULT_COST",
		attr.Pair{Key: "CPU_COST", Value: number(vms.Costs.CPU)},
		attr.Pair{Key: "MEMORY_COST", Value: number(vms.Costs.Memory)},
		attr.Pair{Key: "DISK_COST", Value: number(vms.Costs.Disk)}))
	t.Add(attr.NewVector("FEDERATION",
		attr.Pair{Key: "MODE", Value: "STANDALONE"}, attr.Pair{Key: "ZONE_ID", Value: "0"}, attr.Pair{Key: "SERVER_ID", Value: "-1"},
		attr.Pair{Key: "MASTER_ONED"}))
	t.Add(attr.NewVector("VNC_PORTS",
		attr.Pair{Key: "START", Value: strconv.Itoa(vms.FirstPort)},
		attr.Pair{Key: "RESERVED", Value: strconv.Itoa(vms.LastPort+1) + ":65536"}))
}

// addLists adds the attributes that oned.conf repeats for each value.
func addLists(t *attr.Template, c config.Config, set settings) {
	restricted := restrictedOfUsers(c.Rights)
	for _, list := range []struct {
		name  string
		names []string
	}{
		{"VM_RESTRICTED_ATTR", set.vms.Restricted},
		{"IMAGE_RESTRICTED_ATTR", set.images.Restricted},
		{"VNET_RESTRICTED_ATTR", set.vms.Network.Restricted},
		{"USER_RESTRICTED_ATTR", restricted[one.KindUser]},
		{"GROUP_RESTRICTED_ATTR", restricted[one.KindGroup]},
		{"INHERIT_IMAGE_ATTR", set.vms.Disks.Image},
		{"INHERIT_DATASTORE_ATTR", set.vms.Disks.Datastore},
		{"INHERIT_VNET_ATTR", set.vms.Network.Inherit},
		{"QUOTA_VM_ATTRIBUTE", c.Quotas.VMAttribute},
	} {
		for _, name := range list.names {
			t.Add(attr.Attr{Name: list.name, Value: name})
		}
	}
}

// addDrivers adds the drivers of each type, sorted by name.
func addDrivers(t *attr.Template, c config.Config, set settings) {
	auth := authDrivers(c)
	t.Add(attr.NewVector("AUTH_MAD", attr.Pair{Key: "AUTHN", Value: strings.Join(auth.Names(), ",")}))
	for _, name := range auth.Names() {
		t.Add(authConf(name, auth[name]))
	}
	sorted(set.vms.Drivers, func(name string, d vm.Driver) { t.Add(vmConf(name, d)) })
	sorted(set.vms.Drivers, func(name string, _ vm.Driver) {
		t.Add(attr.NewVector("IM_MAD", attr.Pair{Key: "NAME", Value: name}))
	})
	sorted(set.stores.TMs, func(name string, d datastore.TMConf) { t.Add(tmConf(name, d)) })
	sorted(set.stores.DSs, func(name string, d datastore.DSConf) { t.Add(dsConf(name, d)) })
	sorted(market.DefaultSettings().MADs, func(name string, d market.MADConf) { t.Add(marketConf(name, d)) })
	sorted(set.vms.Network.Drivers, func(name string, bridges []string) {
		if served := set.vms.Network.Served; served == nil || slices.Contains(served, name) {
			t.Add(attr.NewVector("VN_MAD_CONF",
				attr.Pair{Key: "NAME", Value: name}, attr.Pair{Key: "BRIDGE_TYPE", Value: strings.Join(bridges, ",")}))
		}
	})
}

// sorted calls do for each driver, sorted by name.
func sorted[D any](drivers map[string]D, do func(string, D)) {
	for _, name := range slices.Sorted(maps.Keys(drivers)) {
		do(name, drivers[name])
	}
}

// vmConf returns the VM_MAD of a driver.
func vmConf(name string, d vm.Driver) attr.Attr {
	return attr.NewVector("VM_MAD",
		attr.Pair{Key: "NAME", Value: name},
		attr.Pair{Key: "SUNSTONE_NAME", Value: strings.ToUpper(name)},
		attr.Pair{Key: "TYPE", Value: name},
		attr.Pair{Key: "KEEP_SNAPSHOTS", Value: attr.YesNo(d.KeepSnapshots)},
		attr.Pair{Key: "LIVE_RESIZE", Value: attr.YesNo(d.LiveResize)},
		attr.Pair{Key: "COLD_NIC_ATTACH", Value: attr.YesNo(d.ColdNICAttach)},
		attr.Pair{Key: "SUPPORT_SHAREABLE", Value: attr.YesNo(d.Shareable)})
}

// tmConf returns the TM_MAD_CONF of a driver.
func tmConf(name string, d datastore.TMConf) attr.Attr {
	pairs := []attr.Pair{
		{Key: "NAME", Value: name},
		{Key: "LN_TARGET", Value: d.LNTarget},
		{Key: "CLONE_TARGET", Value: d.CloneTarget},
		{Key: "SHARED", Value: attr.YesNo(d.Shared)},
		{Key: "ALLOW_ORPHANS", Value: d.AllowOrphans},
		{Key: "DS_MIGRATE", Value: attr.YesNo(d.Migrate)},
		{Key: "DS_LIVE_MIGRATE", Value: attr.YesNo(d.LiveMigrate)},
		{Key: "DS_MIGRATE_SNAP", Value: attr.YesNo(d.MigrateSnap)},
		{Key: "PERSISTENT_SNAPSHOTS", Value: attr.YesNo(!d.NoSnapshots)},
	}
	if d.Driver != "" {
		pairs = append(pairs, attr.Pair{Key: "DRIVER", Value: d.Driver})
	}
	if d.DiskType != "" {
		pairs = append(pairs, attr.Pair{Key: "DISK_TYPE", Value: d.DiskType})
	}
	if d.OnSSH {
		pairs = append(pairs, attr.Pair{Key: "TM_MAD_SYSTEM", Value: "ssh"})
	}
	return attr.NewVector("TM_MAD_CONF", pairs...)
}

// dsConf returns the DS_MAD_CONF of a driver.
func dsConf(name string, d datastore.DSConf) attr.Attr {
	pairs := []attr.Pair{
		{Key: "NAME", Value: name},
		{Key: "REQUIRED_ATTRS", Value: strings.Join(d.Required, ",")},
		{Key: "PERSISTENT_ONLY", Value: attr.YesNo(d.PersistentOnly)},
		{Key: "DATASTORE_CAPACITY_CHECK", Value: attr.YesNo(!d.NoCapacity)},
	}
	if d.Exports {
		pairs = append(pairs, attr.Pair{Key: "MARKETPLACE_ACTIONS", Value: "export"})
	}
	return attr.NewVector("DS_MAD_CONF", pairs...)
}

// marketConf returns the MARKET_MAD_CONF of a driver. Its SUNSTONE_NAME is the name of the driver.
func marketConf(name string, d market.MADConf) attr.Attr {
	var actions []string
	for _, a := range []struct {
		name string
		can  bool
	}{{"create", d.Create}, {"delete", d.Delete}, {"monitor", d.Monitor}} {
		if a.can {
			actions = append(actions, a.name)
		}
	}
	return attr.NewVector("MARKET_MAD_CONF",
		attr.Pair{Key: "NAME", Value: name},
		attr.Pair{Key: "SUNSTONE_NAME", Value: name},
		attr.Pair{Key: "REQUIRED_ATTRS", Value: strings.Join(d.Required, ",")},
		attr.Pair{Key: "APP_ACTIONS", Value: strings.Join(actions, ", ")},
		attr.Pair{Key: "PUBLIC", Value: attr.YesNo(d.Public)})
}

// number formats a number without trailing zeros.
func number(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
