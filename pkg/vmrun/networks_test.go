package vmrun

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/lifecycle"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// fakeDrivers implements the drivers of hypervisor, disks and networks. It records the calls,
// and those listed in fails fail.
type fakeDrivers struct {
	drivers.Hypervisor // panics for methods that the tests do not call
	drivers.Transfer
	on    string // host
	asked *[]string
	fails []string
}

var errLab = errors.New("refused")

func (l fakeDrivers) ask(host, what string) error {
	*l.asked = append(*l.asked, what+" "+host)
	if slices.Contains(l.fails, what) {
		return errLab
	}
	return nil
}

func (l fakeDrivers) On(h drivers.Host) drivers.Hypervisor { l.on = h.Name; return l }
func (l fakeDrivers) Close() error                         { return nil }

func (l fakeDrivers) Deploy(context.Context, drivers.VM) (string, error) {
	return "one-0", l.ask(l.on, "deploy")
}
func (l fakeDrivers) Destroy(context.Context, drivers.VM) error        { return l.ask(l.on, "destroy") }
func (l fakeDrivers) Shutdown(context.Context, drivers.VM) error       { return l.ask(l.on, "shutdown") }
func (l fakeDrivers) Save(context.Context, drivers.VM, string) error   { return l.ask(l.on, "save") }
func (l fakeDrivers) AttachNIC(context.Context, drivers.VM, int) error { return l.ask(l.on, "attach") }
func (l fakeDrivers) DetachNIC(context.Context, drivers.VM, int) error { return l.ask(l.on, "detach") }
func (l fakeDrivers) TuneNIC(context.Context, drivers.VM, int) error   { return l.ask(l.on, "tune") }
func (l fakeDrivers) FollowGroup(_ context.Context, _ drivers.VM, group int) error {
	return l.ask(l.on, fmt.Sprint("follow group ", group))
}
func (l fakeDrivers) Migrate(_ context.Context, _ drivers.VM, to drivers.Host) error {
	return l.ask(l.on, "migrate to "+to.Name+" from")
}

// fakeNetwork is the network driver among fakeDrivers.
type fakeNetwork struct{ fakeDrivers }

func (w fakeNetwork) Setup(_ context.Context, h drivers.Host, _ drivers.VM, _ drivers.NIC) error {
	return w.ask(h.Name, "setup")
}

func (w fakeNetwork) Activate(_ context.Context, h drivers.Host, _ drivers.VM, _ drivers.NIC) error {
	return w.ask(h.Name, "activate")
}

func (w fakeNetwork) Rewire(_ context.Context, h drivers.Host, _ drivers.NIC, was []drivers.NIC) error {
	what := "rewire"
	for _, nic := range was {
		what += " from " + nic.Attrs.Get("PHYDEV") + "." + nic.Attrs.Get("VLAN_ID")
	}
	return w.ask(h.Name, what)
}

func (w fakeNetwork) Clean(_ context.Context, h drivers.Host, _ drivers.VM, _ drivers.NIC) error {
	return w.ask(h.Name, "clean")
}

// runEffect runs one effect of a VM with a NIC that was on host "old" and is on "new", and
// answers which driver methods were called.
func runEffect(t *testing.T, do lifecycle.Effect, fails ...string) ([]string, error) {
	t.Helper()
	return runEffectWith(t, do, effect.Args{vm.ArgNIC: "0"}, fails...)
}

func runEffectWith(t *testing.T, do lifecycle.Effect, args effect.Args, fails ...string) ([]string, error) {
	t.Helper()
	st, err := store.Open(store.Options{Log: memlog.New(), Tables: []store.AnyTable{vm.Kind.Table, host.Kind.Table}})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	v := &vm.VM{Meta: object.Meta{ID: 0, Name: "v"}, State: one.VMActive, LCM: one.LCMRunning}
	v.Template.Add(attr.NewVector("NIC", attr.Pair{Key: "NIC_ID", Value: "0"}, attr.Pair{Key: "VN_MAD", Value: "lab"},
		attr.Pair{Key: "NETWORK_ID", Value: "5"}, attr.Pair{Key: "MAC", Value: "02:00:00:00:00:01"}))
	// A NIC without a network: no driver is called for it.
	v.Template.Add(attr.NewVector("NIC", attr.Pair{Key: "NIC_ID", Value: "1"}))
	for id, name := range []string{"old", "new"} {
		v.History = append(v.History, vm.History{Seq: id, HostID: id, HostName: name, VMMad: "lab", TMMad: "lab"})
	}
	if err := st.Update(t.Context(), func(tx *store.Tx) error { vm.Kind.Put(tx, v); return nil }); err != nil {
		t.Fatal(err)
	}
	asked := []string{}
	l := fakeDrivers{asked: &asked, fails: fails}
	r := &Runner{Store: st, Log: zerolog.Nop(), Drivers: Drivers{
		VMM: map[string]drivers.VMM{"lab": l}, TM: map[string]drivers.Transfer{"lab": l}, Net: map[string]drivers.Network{"lab": fakeNetwork{l}},
		IsLocal: func(string) bool { return false },
	}}
	_, err = r.Run(t.Context(), &effect.Effect{Kind: one.KindVM, Op: do.String(), Args: args}, nil)
	return asked, err
}

// TestNetworksAroundEffects tries each effect with every failure that is possible: an effect
// that cannot be undone does not fail because of networks.
func TestNetworksAroundEffects(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		do     lifecycle.Effect
		fails  []string
		want   []string
		failed bool
	}{
		"boot":                  {lifecycle.DoBoot, nil, []string{"setup new", "deploy new", "activate new"}, false},
		"boot fails":            {lifecycle.DoBoot, []string{"deploy"}, []string{"setup new", "deploy new", "clean new"}, true},
		"boot without network":  {lifecycle.DoBoot, []string{"setup"}, []string{"setup new"}, true},
		"save":                  {lifecycle.DoSave, nil, []string{"save new", "clean new"}, false},
		"save fails":            {lifecycle.DoSave, []string{"save"}, []string{"save new"}, true},
		"save, not clean":       {lifecycle.DoSave, []string{"clean"}, []string{"save new", "clean new"}, false},
		"shutdown, not clean":   {lifecycle.DoShutdown, []string{"clean"}, []string{"shutdown new", "clean new"}, false},
		"destroy, not clean":    {lifecycle.DoDestroy, []string{"clean"}, []string{"destroy new", "clean new"}, false},
		"seen to be off":        {lifecycle.DoEpilogStop, nil, []string{"destroy new", "clean new"}, false},
		"off, not clean":        {lifecycle.DoEpilogStop, []string{"clean"}, []string{"destroy new", "clean new"}, false},
		"migrate":               {lifecycle.DoLiveMigrate, nil, []string{"setup new", "migrate to new from old", "activate new", "clean old"}, false},
		"migrate fails":         {lifecycle.DoLiveMigrate, []string{"migrate to new from"}, []string{"setup new", "migrate to new from old", "clean new"}, true},
		"migrate, not clean":    {lifecycle.DoLiveMigrate, []string{"clean"}, []string{"setup new", "migrate to new from old", "activate new", "clean old"}, false},
		"migrate, not active":   {lifecycle.DoLiveMigrate, []string{"activate"}, []string{"setup new", "migrate to new from old", "activate new", "clean old"}, false},
		"attach a NIC":          {lifecycle.DoAttachNIC, nil, []string{"setup new", "attach new", "activate new"}, false},
		"attach a NIC fails":    {lifecycle.DoAttachNIC, []string{"attach"}, []string{"setup new", "attach new", "clean new"}, true},
		"update a NIC":          {lifecycle.DoUpdateNIC, nil, []string{"activate new", "tune new"}, false},
		"update a NIC fails":    {lifecycle.DoUpdateNIC, []string{"activate"}, []string{"activate new"}, true},
		"detach a NIC":          {lifecycle.DoDetachNIC, nil, []string{"detach new", "clean new"}, false},
		"detach a NIC fails":    {lifecycle.DoDetachNIC, []string{"detach"}, []string{"detach new"}, true},
		"detach when it is off": {lifecycle.DoDetachNICOff, nil, []string{}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			asked, err := runEffect(t, c.do, c.fails...)
			if diff := cmp.Diff(c.want, asked); diff != "" {
				t.Errorf("the drivers were asked something else:\n%s", diff)
			}
			if errors.Is(err, errLab) != c.failed || !c.failed && err != nil {
				t.Errorf("the answer is %v", err)
			}
		})
	}
}

// TestNICsOfANetwork: the update of a network applies to the NICs in it, and to no others.
func TestNICsOfANetwork(t *testing.T) {
	t.Parallel()
	for vnet, want := range map[string][]string{"5": {"rewire new", "activate new", "tune new"}, "6": {}} {
		asked, err := runEffectWith(t, lifecycle.DoUpdateNIC, effect.Args{vm.ArgVNet: vnet})
		if diff := cmp.Diff(want, asked); diff != "" || err != nil {
			t.Errorf("network %s: %v, the drivers were asked something else:\n%s", vnet, err, diff)
		}
	}
	asked, err := runEffectWith(t, lifecycle.DoUpdateNIC, effect.Args{vm.ArgVNet: "5", vm.ArgBefore: `WAS=[PHYDEV=eth0] WAS=[PHYDEV=eth1,VLAN_ID=5]`})
	if diff := cmp.Diff([]string{"rewire from eth1.5 from eth0.5 new", "activate new", "tune new"}, asked); diff != "" || err != nil {
		t.Errorf("another PHYDEV: %v, the drivers were asked something else:\n%s", err, diff)
	}
}

// TestWithoutANetworkDriver: disks are not copied when the network driver is unknown, and the
// error lists the known drivers.
func TestWithoutANetworkDriver(t *testing.T) {
	t.Parallel()
	j := &job{Runner: &Runner{Drivers: Drivers{Net: map[string]drivers.Network{"b": fakeNetwork{}, "a": fakeNetwork{}}}}, vm: &vm.VM{}}
	j.vm.Template.Add(attr.NewVector("DISK", attr.Pair{Key: "DISK_ID", Value: "0"}))
	j.vm.Template.Add(attr.NewVector("PCI", attr.Pair{Key: "TYPE", Value: "NIC"}, attr.Pair{Key: "NIC_ID", Value: "3"}, attr.Pair{Key: "VN_MAD", Value: "ovswitch"}))
	const want = `NIC 3: there is no network driver "ovswitch", only a, b: give the network one of them as VN_MAD`
	if err := j.prolog(t.Context()); err == nil || err.Error() != want {
		t.Errorf("prolog = %v, want %s", err, want)
	}
}

// simulatedHosts is a hypervisor that names one network driver for all networks of its hosts.
type simulatedHosts struct{ fakeDrivers }

func (simulatedHosts) Network() string { return "wires" }

// TestSimulatedHostsHaveSimulatedNetworks: the driver that VN_MAD names is not called, and need
// not exist.
func TestSimulatedHostsHaveSimulatedNetworks(t *testing.T) {
	t.Parallel()
	asked := []string{}
	l := fakeDrivers{asked: &asked}
	j := &job{Runner: &Runner{Drivers: Drivers{Net: map[string]drivers.Network{"wires": fakeNetwork{l}}}}}
	nic := attr.NewVector("NIC", attr.Pair{Key: "VN_MAD", Value: "bridge"})
	for _, c := range []struct {
		hv     drivers.Hypervisor
		failed bool
	}{{simulatedHosts{l}, false}, {l, true}} {
		err := j.withNIC(t.Context(), place{host: drivers.Host{Name: "new"}, hv: c.hv}, &nic, drivers.Network.Setup)
		if (err != nil) != c.failed {
			t.Errorf("on %T: %v", c.hv, err)
		}
	}
	if diff := cmp.Diff([]string{"setup new"}, asked); diff != "" {
		t.Errorf("the drivers were asked something else:\n%s", diff)
	}
}

// TestEveryEffectHasAnOperation compares ops with the list of effects.
func TestEveryEffectHasAnOperation(t *testing.T) {
	t.Parallel()
	for e := lifecycle.DoProlog; e.Runs(); e++ {
		if ops[e] == nil {
			t.Errorf("%s has no operation", e)
		}
	}
}
