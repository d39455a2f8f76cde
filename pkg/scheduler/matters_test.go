package scheduler

import (
	"testing"

	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/cluster"
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/user"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// TestMatters: a round begins after a commit that may allow a VM to be placed, and not after
// others, because each round looks at all waiting VMs.
func TestMatters(t *testing.T) {
	t.Parallel()
	waits := func(change func(*vm.VM)) *vm.VM {
		v := &vm.VM{State: one.VMPending}
		v.Template.Set("MEMORY", "64")
		change(v)
		return v
	}
	same := func(*vm.VM) {}
	on := func(change func(*host.Host)) *host.Host {
		h := &host.Host{State: one.HostMonitored, Share: host.Share{MaxCPU: 400, CPUUsage: 100, MaxMemKiB: 1000, MemUsageKiB: 500, RunningVMs: 1}}
		change(h)
		return h
	}
	asIs := func(*host.Host) {}
	for name, c := range map[string]struct {
		old, now any
		want     bool
	}{
		"a VM begins to wait":         {nil, waits(same), true},
		"a VM is let go":              {waits(func(v *vm.VM) { v.State = one.VMHold }), waits(same), true},
		"a VM is told why it waits":   {waits(same), waits(func(v *vm.VM) { v.User.Set(vm.MessageAttr, "no host") }), false},
		"a VM asks for other hosts":   {waits(same), waits(func(v *vm.VM) { v.User.Set("SCHED_REQUIREMENTS", "NAME=a") }), true},
		"a VM asks for less":          {waits(same), waits(func(v *vm.VM) { v.Template.Set("MEMORY", "32") }), true},
		"a VM gets another owner":     {waits(same), waits(func(v *vm.VM) { v.UID = 5 }), true},
		"a VM is placed":              {waits(same), waits(func(v *vm.VM) { v.State, v.LCM = one.VMActive, one.LCMProlog }), false},
		"a VM that runs is to move":   {waits(func(v *vm.VM) { v.State, v.LCM = one.VMActive, one.LCMRunning }), waits(func(v *vm.VM) { v.State, v.LCM, v.Resched = one.VMActive, one.LCMRunning, 1 }), true},
		"a host is new":               {nil, on(asIs), true},
		"a host is seen again":        {on(asIs), on(asIs), false},
		"a host gets a VM":            {on(asIs), on(func(h *host.Host) { h.Share.CPUUsage, h.Share.RunningVMs = 200, 2 }), false},
		"a host loses a VM":           {on(asIs), on(func(h *host.Host) { h.Share.CPUUsage, h.Share.RunningVMs = 0, 0 }), true},
		"a host is enabled":           {on(func(h *host.Host) { h.State = one.HostDisabled }), on(asIs), true},
		"a host is told something":    {on(asIs), on(func(h *host.Host) { h.Template.Set("SSD", "YES") }), true},
		"a host changes its cluster":  {on(asIs), on(func(h *host.Host) { h.ClusterID = 100 }), true},
		"a host is gone":              {on(asIs), nil, false},
		"a network becomes ready":     {&network.VNet{State: one.VNetInit}, &network.VNet{State: one.VNetReady}, true},
		"a network is seen again":     {&network.VNet{}, &network.VNet{}, false},
		"a user joins a group":        {&user.User{Groups: []int{1}}, &user.User{Groups: []int{1, 100}}, true},
		"a user is new":               {nil, &user.User{}, false},
		"a rule is made":              {nil, &acl.Rule{}, true},
		"a cluster is given a name":   {&cluster.Cluster{}, &cluster.Cluster{Meta: object.Meta{Name: "c"}}, true},
		"an image has nothing to say": {nil, &image.Image{}, false},
	} {
		commit := store.Commit{Changes: []store.Change{{Old: c.old, New: c.now}}}
		if got := matters(commit); got != c.want {
			t.Errorf("%s: matters = %v", name, got)
		}
	}
}
