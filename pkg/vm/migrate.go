package vm

import (
	"slices"

	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/lifecycle"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Migration has the arguments of one.vm.migrate.
type Migration struct {
	HostID  int
	DSID    int // -1 keeps the datastore
	Live    bool
	Enforce bool
	Kind    int // cold: 0 by save and restore, 1 poweroff, 2 poweroff-hard
	Plan    *Planned
}

// Planned is an action of a cluster's plan.
type Planned struct{ Plan, Action int }

// Event is the event that a migration fires for a VM in a status.
func (m Migration) Event(from lifecycle.Status) lifecycle.Event {
	switch {
	case m.Live && from.LCM == one.LCMRunning:
		return lifecycle.LiveMigrate
	case m.Kind == 1:
		return lifecycle.MigratePoweroff
	case m.Kind == 2:
		return lifecycle.MigratePoweroffHard
	}
	return lifecycle.Migrate
}

// CheckMigrate checks host and datastore of a migration. oned does this before it checks
// permissions.
func CheckMigrate(r store.Reader, m Migration) error {
	if _, err := usableHost(r, m.HostID); err != nil || m.DSID == -1 {
		return err
	}
	_, err := datastore.Kind.Get(r, m.DSID)
	return err
}

// Migrate serves one.vm.migrate.
func Migrate(tx *store.Tx, s Settings, c *one.Caller, id int, m Migration) error {
	h, err := usableHost(tx, m.HostID)
	if err != nil {
		return err
	}
	v, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	ev := m.Event(v.Status())
	if !lifecycle.Can(v.Status(), ev) || v.Last() == nil {
		return one.Errorf(one.CodeAction, "Migrate action is not available for state %s", v.Status())
	}
	if err := m.check(tx, s, v, h); err != nil {
		return err
	}
	ds, err := m.targetStore(tx, v, h)
	if err != nil {
		return err
	}
	if h.ClusterID != v.Last().ClusterID {
		if err := movePort(tx, s, v, h.ClusterID, ev == lifecycle.LiveMigrate); err != nil {
			return err
		}
	}
	placeVolatile(v, ds)
	err = Fire(tx, s, v, ev, Cause{By: c, To: &Place{HostID: h.ID, DSID: ds.ID}, Plan: m.Plan})
	return ofCaller(c, err)
}

// check checks whether the VM can migrate to the host, in oned's order.
func (m Migration) check(tx *store.Tx, s Settings, v *VM, h *host.Host) error {
	if err := m.checkSupported(v, h); err != nil {
		return err
	}
	if v.Last().HostID != h.ID {
		if err := fits(v, h, m.Enforce); err != nil {
			return err
		}
	}
	if err := requirements(tx, s, v); err != nil {
		return one.Errorf(one.CodeAction, "%v", err)
	}
	if v.Template.Has("PCI") && m.Kind == 0 && v.State != one.VMPoweroff {
		return one.Errorf(one.CodeAction, "Cannot migrate VM [%d], use poweroff or poweroff-hard"+
			" flag for migrating a VM with PCI devices", v.ID)
	}
	return inCluster(tx, v, h)
}

// checkSupported refuses a migration to the VM's current place, and live migrations that are not
// supported.
func (m Migration) checkSupported(v *VM, h *host.Host) error {
	now := v.Last()
	keeps := m.DSID < 0 || m.DSID == now.DSID
	switch {
	case m.Live && Pinned(v):
		return one.Errorf(one.CodeAction, "VM with a pinned NUMA topology cannot be live-migrated")
	case m.Live && hasFilesystem(v):
		return one.Errorf(one.CodeAction, "VM with FILESYSTEM disks cannot be live-migrated")
	case now.HostID == h.ID && keeps:
		return one.Errorf(one.CodeAction, "VM is already running on host [%d] and datastore [%d]", now.HostID, now.DSID)
	case m.Live && now.HostID != h.ID && !keeps:
		return one.Errorf(one.CodeAction, "Cannot live migrate host and datastore at the same time.")
	}
	return nil
}

// inCluster refuses a host whose cluster lacks an image or network of the VM.
func inCluster(r store.Reader, v *VM, h *host.Host) error {
	clusters, err := clustersFor(r, v)
	if err != nil || len(clusters) == 0 || slices.Contains(clusters, h.ClusterID) {
		return err
	}
	return one.Errorf(one.CodeAction, "Cannot migrate  VM [%d] to host [%d]. Host is in cluster [%d],"+
		" and VM requires to be placed on cluster [%s]", v.ID, h.ID, h.ClusterID, joinIDs(clusters))
}

// targetStore returns the system datastore to migrate to, and checks that the VM can use it.
func (m Migration) targetStore(r store.Reader, v *VM, h *host.Host) (*datastore.Datastore, error) {
	now := v.Last()
	id := m.DSID
	if id < 0 {
		id = now.DSID
	}
	ds, err := datastore.Kind.Get(r, id)
	if err != nil {
		return nil, err
	}
	if ds.Type != one.DatastoreSystem {
		return nil, bad("Trying to use datastore [%d] to deploy the VM, but it is not of type system datastore.", id)
	}
	if id != now.DSID {
		if err := m.checkStoreMigration(v, ds); err != nil {
			return nil, err
		}
	}
	if len(ds.Clusters) > 0 && !slices.Contains(ds.Clusters, h.ClusterID) {
		return nil, one.Errorf(one.CodeAction, "Cannot migrate VM [%d] to host [%d] and system datastore [%d]."+
			" Host is in cluster [%d], and the datastore is in cluster [%s]",
			v.ID, h.ID, ds.ID, h.ClusterID, joinIDs(ds.Clusters))
	}
	return ds, nil
}

// checkStoreMigration refuses a datastore whose driver cannot move the VM's disks.
func (m Migration) checkStoreMigration(v *VM, ds *datastore.Datastore) error {
	may := func(key string) bool {
		yes, _ := ds.Template.Bool(key)
		return yes
	}
	switch {
	case !may("DS_MIGRATE"):
		return one.Errorf(one.CodeAction, "System datastore migration not supported by driver")
	case m.Live && !may("DS_LIVE_MIGRATE"):
		return one.Errorf(one.CodeAction, "Live system datastore migration not supported by driver")
	case len(v.Snapshots) > 0 && !may("DS_MIGRATE_SNAP"):
		return one.Errorf(one.CodeAction, "System datastore migration with disk snapshots not supported by driver")
	case ds.TMMad != v.Last().TMMad:
		return one.Errorf(one.CodeAction, "Cannot migrate to a system datastore with a different driver")
	}
	return nil
}

// movePort chooses a GRAPHICS port that is free in the new cluster. A VM that stays running has
// to keep its port.
func movePort(tx *store.Tx, s Settings, v *VM, cluster int, keep bool) error {
	g := v.Template.Vector("GRAPHICS")
	port := g.Get("PORT")
	if port == "" || !portTaken(tx, v, cluster, port) {
		return nil
	}
	if keep {
		return one.Errorf(one.CodeAction, "No free VNC port available in the new cluster")
	}
	g.Set("PREVIOUS_PORT", port)
	g.Del("PORT")
	if err := consolePort(tx, s, v, cluster); err != nil {
		return one.Errorf(one.CodeAction, "No free VNC port available in the new cluster")
	}
	return nil
}
