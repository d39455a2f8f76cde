package vm

import (
	"errors"
	"slices"
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/lifecycle"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Deployment has the arguments of one.vm.deploy.
type Deployment struct {
	HostID  int
	DSID    int           // system datastore; -1 for any
	Enforce bool          // the host must have enough capacity
	Extra   attr.Template // networks for NICs with NETWORK_MODE=AUTO
}

// CheckDeploy checks host, VM and datastore of a deployment. oned does this before it checks
// permissions.
func CheckDeploy(r store.Reader, id int, d Deployment) error {
	h, err := usableHost(r, d.HostID)
	if err != nil {
		return err
	}
	v, err := Kind.Get(r, id)
	if err != nil {
		return err
	}
	_, err = systemStore(r, v, h, d.DSID)
	return err
}

// Deploy serves one.vm.deploy, and the scheduler, for which c is nil.
func Deploy(tx *store.Tx, s Settings, c *one.Caller, id int, d Deployment) error {
	h, err := usableHost(tx, d.HostID)
	if err != nil {
		return err
	}
	v, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	ds, err := systemStore(tx, v, h, d.DSID)
	if err != nil {
		return err
	}
	if !lifecycle.Can(v.Status(), lifecycle.Deploy) {
		return one.Errorf(one.CodeAction, "Deploy action is not available for state %s", v.Status())
	}
	if err := fits(v, h, d.Enforce); err != nil {
		return err
	}
	if err := prepare(tx, s, v, h, ds, d.Extra); err != nil {
		return err
	}
	err = Fire(tx, s, v, lifecycle.Deploy, Cause{By: c, To: &Place{HostID: h.ID, DSID: ds.ID}})
	return ofCaller(c, err)
}

// usableHost returns a host that is not offline.
func usableHost(r store.Reader, id int) (*host.Host, error) {
	h, err := host.Kind.Get(r, id)
	if err != nil {
		return nil, err
	}
	if h.State == one.HostOffline {
		return nil, one.Errorf(one.CodeAction, "Host is offline, cannot use it to deploy VM")
	}
	return h, nil
}

// fits refuses a host without enough capacity, if that is enforced or the VM is pinned. NUMA
// nodes are always checked.
func fits(v *VM, h *host.Host, enforce bool) error {
	var err error
	if enforce || Pinned(v) {
		err = h.Share.Fits(Capacity(v))
		if err == nil && len(v.PCIs()) > 0 && !h.Offers(v.PCIs()) {
			err = errNoPCI
		}
	}
	if err == nil {
		err = h.FitsNUMA(v.ID, NUMAWish(v))
	}
	if err != nil {
		return one.Errorf(one.CodeAction, "virtual machine [%d] does not fit in host [%d]. %v", v.ID, h.ID, err)
	}
	return nil
}

var errNoPCI = errors.New("Unavailable PCI device.")

// systemStore returns the system datastore for a deployment: the one requested, or else that of a
// stopped VM, or else the first of the cluster.
func systemStore(r store.Reader, v *VM, h *host.Host, id int) (*datastore.Datastore, error) {
	if id == -1 && atFrontEnd(v) {
		id = v.Last().DSID
	}
	if id == -1 {
		return firstStore(r, h.ClusterID)
	}
	ds, err := datastore.Kind.Get(r, id)
	if err != nil {
		return nil, err
	}
	if ds.Type != one.DatastoreSystem {
		return nil, bad("Trying to use datastore [%d] to deploy the VM, but it is not of type system datastore.", id)
	}
	if !slices.Contains(ds.Clusters, h.ClusterID) {
		return nil, one.Errorf(one.CodeAction, "datastore [%d] and host [%d] are not in the same cluster [%d].", id, h.ID, h.ClusterID)
	}
	return ds, nil
}

// onFrontEnd tells whether the VM's disks are on the front end.
func onFrontEnd(v *VM) bool {
	return (v.State == one.VMStopped || v.State == one.VMUndeployed) && len(v.History) > 0
}

// atFrontEnd is onFrontEnd, but also true of a VM in PENDING or HOLD that was stopped or
// undeployed.
func atFrontEnd(v *VM) bool { return v.Status().Detail != lifecycle.Plain || onFrontEnd(v) }

// firstStore returns the system datastore of a cluster with the lowest ID.
func firstStore(r store.Reader, cluster int) (*datastore.Datastore, error) {
	for row := range datastore.ByCluster.Find(r, strconv.Itoa(cluster)) {
		if row.Val.Type == one.DatastoreSystem && row.Val.State == one.DatastoreReady {
			return row.Val, nil
		}
	}
	return nil, one.Errorf(one.CodeAction, "cluster [%d] does not have any datastore of type SYSTEM_DS.", cluster)
}

// prepare sets what depends on the host: networks of NICs with NETWORK_MODE=AUTO, TM_MAD_SYSTEM,
// the datastore of volatile disks and the GRAPHICS port.
func prepare(tx *store.Tx, s Settings, v *VM, h *host.Host, ds *datastore.Datastore, extra attr.Template) error {
	if err := one.WithCode(one.CodeAction, autoNICs(tx, s, v, extra)); err != nil {
		return err
	}
	if v.Template.Get("TM_MAD_SYSTEM") == "" {
		if err := targetsFor(tx, v, ds.TMMad); err != nil {
			return err
		}
		v.Template.Set("TM_MAD_SYSTEM", ds.TMMad)
	}
	if err := shareable(s, v, h); err != nil {
		return err
	}
	placeVolatile(v, ds)
	return consolePort(tx, s, v, h.ClusterID)
}

// Connected tells whether a VM has been deployed before, so that its AUTO NICs have networks.
func Connected(r store.Reader, id int) bool {
	v, ok := Kind.Table.Get(r, store.ID(id))
	return ok && atFrontEnd(v)
}

// autoNICs attaches AUTO NICs to the networks that the scheduler has chosen. A VM that was
// deployed before already has its networks.
func autoNICs(tx *store.Tx, s Settings, v *VM, extra attr.Template) error {
	if atFrontEnd(v) {
		return nil
	}
	for _, chosen := range extra.Vectors("NIC") {
		nic := v.NIC(nicID(chosen))
		switch {
		case nic == nil:
			return bad("NIC_ID %d not found", nicID(chosen))
		case mode(nic) != "AUTO" || leased(nic):
			return bad("NIC_ID %d not AUTO", nicID(chosen))
		}
		nic.Merge(chosen, true)
		nic.Merge(v.Template.Vector("NIC_DEFAULT"), false)
		if err := attach(tx, s, v, nic); err != nil {
			return err
		}
		groupRules(tx, v)
		renewNetworkContext(tx, v)
	}
	return nil
}

// shareable refuses a host whose driver does not support the VM's shareable disks.
func shareable(s Settings, v *VM, h *host.Host) error {
	if s.Drivers[h.VMMad].Shareable {
		return nil
	}
	for _, d := range v.Template.Vectors("DISK") {
		if yes, _ := d.Bool("SHAREABLE"); yes {
			return one.Errorf(one.CodeAction, "VM has shareable disk, but vmm driver: '%s' doesn't support shareable disks", h.VMMad)
		}
	}
	return nil
}
