package one

import (
	"context"

	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
	"github.com/renkei-vpe/renkei/xmlrpc"
	"github.com/renkei-vpe/renkei/xmlrpc/one/render"
)

func vmMethods() []method {
	return []method{
		{
			name: "one.vm.allocate", may: vmMayAllocate, do: change(vmAllocate),
			params: params(pTemplate, xmlrpc.Param{Name: "on hold", Type: xmlrpc.Bool, Optional: true, Default: false}),
		},
		{name: "one.vm.info", params: params(pID, pDecrypt), may: basic(vm.Kind, one.UseNoLock, 1), do: vmInfo},
		{
			name: "one.vm.action", may: vmMayAction, do: change(vmAction),
			params: params(xmlrpc.Param{Name: "action", Type: xmlrpc.String}, pID),
		},
		{
			name: "one.vm.deploy", may: unless(vmNoPlace, all(onVM(one.ActionDeploy), on(host.Kind, one.Manage, 2), vmMayConnect, onGivenStore(4))), do: change(vmDeploy),
			params: append(ints("object id", "host id"), pEnforce, pStore,
				xmlrpc.Param{Name: "networks of automatic NICs", Type: xmlrpc.String, Optional: true, Default: ""}),
		},
		{
			name: "one.vm.migrate", may: unless(vmNoMove, all(onVM(one.ActionMigrate), on(host.Kind, one.Manage, 2), onGivenStore(5))), do: change(vmMigrate),
			params: append(ints("object id", "host id"), xmlrpc.Param{Name: "live", Type: xmlrpc.Bool}, pEnforce, pStore,
				xmlrpc.Param{Name: "0 save, 1 poweroff, 2 poweroff-hard", Type: xmlrpc.Int, Optional: true, Default: int32(0)}),
		},
		{name: "one.vm.recover", params: ints("object id", "0 failure, 1 success, 2 retry, 3 delete, 4 recreate, 5 delete-db"), may: vmMayRecover, do: change(vmRecover)},
		{name: "one.vm.update", params: params(pID, pTemplate, pAppend), may: onVM(one.ActionUpdate), do: updating(vmUpdate)},
		withMay(renameOf("vm", vm.Kind, one.Manage), onVM(one.ActionRename)),
		chmodOf("vm", vm.Kind),
		chownOf("vm", vm.Kind),
		lockOf("vm", vm.Kind),
		unlockOf("vm", vm.Kind),
		{name: "one.vm.monitoring", params: params(pID), may: on(vm.Kind, one.UseNoLock, 1), do: vmMonitoring},
	}
}

// Parameters of calls that place VMs.
var (
	pEnforce = xmlrpc.Param{Name: "host must have room", Type: xmlrpc.Bool, Optional: true, Default: false}
	pStore   = xmlrpc.Param{Name: "system datastore id, -1 any", Type: xmlrpc.Int, Optional: true, Default: int32(-1)}
)

// withMay replaces the rights of a shared verb.
func withMay(m method, may may) method {
	m.may = may
	return m
}

// vmMayAllocate needs the right to create VMs, and USE of what the template names.
func vmMayAllocate(c *call) ([]acl.Ask, error) {
	t, err := c.Template(1)
	if err != nil {
		return nil, err
	}
	if err := vm.CheckRestricted(c.Server.VMs, c.Caller, "VM Template", t); err != nil {
		return nil, err
	}
	return append([]acl.Ask{acl.ToCreate(one.KindVM)}, vm.Needs(c.Snap, c.Caller, t)...), nil
}

func vmAllocate(tx *store.Tx, s *Server, c *call) (int, error) {
	t, err := c.Template(1)
	if err != nil {
		return -1, err
	}
	return vm.Allocate(tx, s.VMs, c.Caller, t, c.Bool(2))
}

func vmInfo(_ context.Context, s *Server, c *call) (any, error) {
	row, err := asked(s, c, vm.Kind, c.Int(1), 2)
	if err != nil {
		return nil, err
	}
	if len(row.Val.History) < 2 && len(row.Val.SchedActions) == 0 { // there is only one history record, so the full form is the same
		return text(vmsExtended.element(c.Snap, row)), nil
	}
	return text(made(c.Snap, row, formInfo, render.VM)), nil
}

func vmAction(tx *store.Tx, s *Server, c *call) (int, error) {
	return c.Int(2), vm.Act(tx, s.VMs, c.Caller, c.Int(2), c.Text(1))
}

// vmNoPlace is what refuses a deployment before the caller's rights are checked.
func vmNoPlace(c *call) error {
	extra, err := c.Template(5)
	if err != nil {
		return err
	}
	if err := vm.CheckDeploy(c.Snap, c.Int(1), vm.Deployment{HostID: c.Int(2), DSID: c.Int(4)}); err != nil {
		return err
	}
	if vm.Connected(c.Snap, c.Int(1)) {
		return nil
	}
	return vm.CheckRestricted(c.Server.VMs, c.Caller, "NIC", extra)
}

// vmMayConnect needs USE of the networks for the VM's automatic NICs. Unlike oned, it also
// checks them if the NIC in the extra template has NETWORK_MODE.
func vmMayConnect(c *call) (asks []acl.Ask, err error) {
	extra, err := c.Template(5)
	if err != nil || vm.Connected(c.Snap, c.Int(1)) {
		return nil, err
	}
	for _, nic := range extra.Vectors("NIC") {
		chosen := nic.Clone()
		chosen.Del("NETWORK_MODE")
		asks = append(asks, vm.NICNeeds(c.Snap, c.Caller.UID, &chosen)...)
	}
	return asks, nil
}

func vmNoMove(c *call) error {
	return vm.CheckMigrate(c.Snap, vm.Migration{HostID: c.Int(2), DSID: c.Int(5)})
}

func vmDeploy(tx *store.Tx, s *Server, c *call) (int, error) {
	extra, err := c.Template(5)
	if err != nil {
		return -1, err
	}
	return c.Int(1), vm.Deploy(tx, s.VMs, c.Caller, c.Int(1), vm.Deployment{
		HostID: c.Int(2), Enforce: c.Bool(3), DSID: c.Int(4), Extra: extra,
	})
}

func vmMigrate(tx *store.Tx, s *Server, c *call) (int, error) {
	return c.Int(1), vm.Migrate(tx, s.VMs, c.Caller, c.Int(1), vm.Migration{
		HostID: c.Int(2), Live: c.Bool(3), Enforce: c.Bool(4), DSID: c.Int(5), Kind: c.Int(6),
	})
}

func vmRecover(tx *store.Tx, s *Server, c *call) (int, error) {
	ev, err := vm.ParseRecovery(c.Int(2))
	if err != nil {
		return -1, err
	}
	return c.Int(1), vm.Recover(tx, s.VMs, c.Caller, c.Int(1), ev)
}

func vmUpdate(tx *store.Tx, s *Server, c *call, merge bool) (int, error) {
	return c.Int(1), vm.Update(tx, s.VMs, c.Caller, c.Int(1), c.Text(2), merge)
}

// vmMonitoring serves one.vm.monitoring: all samples.
func vmMonitoring(_ context.Context, s *Server, c *call) (any, error) {
	w := render.Writer{}
	w.Open("MONITORING_DATA")
	vmSamples(&w, s, c.Int(1), 0)
	w.Close("MONITORING_DATA")
	return string(w), nil
}

func vmSamples(w *render.Writer, s *Server, id int, since int64) {
	for _, sample := range s.Monitoring.VM(id) {
		if sample.Timestamp > since {
			render.VMSample(w, &sample)
		}
	}
}
