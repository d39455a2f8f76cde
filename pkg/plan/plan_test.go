package plan

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/pkg/cluster"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/group"
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/schedule"
	"github.com/renkei-vpe/renkei/pkg/secgroup"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
	"github.com/renkei-vpe/renkei/pkg/user"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// world is a store with three hosts, and three running VMs on the first.
type world struct {
	*store.Store
	t   *testing.T
	vms vm.Settings
	now time.Time
}

func newWorld(t *testing.T) *world {
	w := &world{t: t, vms: vm.DefaultSettings(), now: time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)}
	tables := []store.AnyTable{
		Table, vm.Kind.Table, vm.Samples, vm.Accounts, vm.Showbacks, effect.Table, host.Kind.Table, host.Samples, datastore.Kind.Table,
		image.Kind.Table, cluster.Kind.Table, network.Kind.Table, network.Guests, network.Lags, network.Leases, schedule.Table, secgroup.Kind.Table, secgroup.Members,
		user.Kind.Table, group.Kind.Table,
	}
	st, err := store.Open(store.Options{
		Log: memlog.New(), Tables: append(tables, quota.Tables()...),
		Clock: func() time.Time { w.now = w.now.Add(time.Second); return w.now },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	w.Store = st
	w.must(func(tx *store.Tx) error {
		cluster.Kind.Put(tx, &cluster.Cluster{Meta: object.Meta{ID: 0, Name: "default"}})
		datastore.Kind.Put(tx, &datastore.Datastore{Meta: object.Meta{ID: 0, Name: "system"}, TMMad: "dummy", Type: one.DatastoreSystem, Clusters: []int{0}})
		for id := range 3 {
			host.Kind.Put(tx, &host.Host{Meta: object.Meta{ID: id, Name: "node"}, State: one.HostMonitored, Share: host.Share{MaxCPU: 800, MaxMemKiB: 1 << 24}})
			v := &vm.VM{State: one.VMActive, LCM: one.LCMRunning}
			v.ID = id
			v.History = []vm.History{{HostID: 0, PlanID: -2, ActionID: -1, RSTime: 1, STime: 1}}
			vm.Kind.Table.Put(tx, store.ID(id), v)
		}
		return nil
	})
	return w
}

func (w *world) must(do func(tx *store.Tx) error) {
	w.t.Helper()
	if err := w.Update(context.Background(), do); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) begin(id int) {
	w.t.Helper()
	w.must(func(tx *store.Tx) error { return Begin(tx, w.vms, 0, id) })
}

// end ends the migration of a VM.
func (w *world) end(id int, err error) {
	w.t.Helper()
	w.must(func(tx *store.Tx) error {
		for _, e := range effect.Of(tx, one.KindVM, id) {
			effect.Cancel(tx, one.KindVM, id)
			return vm.Settle(tx, w.vms, e, nil, err)
		}
		return errors.New("nothing is under way")
	})
}

// expect compares the states of the plan and its actions.
func (w *world) expect(plan State, actions ...State) {
	w.t.Helper()
	w.must(func(tx *store.Tx) error { Settle(tx, 0, time.Minute); return nil })
	p := Of(w.Read(), 0)
	got := []State{p.State}
	for _, a := range p.Actions {
		got = append(got, a.State)
	}
	if diff := cmp.Diff(append([]State{plan}, actions...), got); diff != "" {
		w.t.Errorf("plan and actions (-want +got):\n%s", diff)
	}
}

// planned is a world with a plan that moves VM 0 to host 1, and VMs 1 and 2 to host 2.
func planned(t *testing.T) *world {
	w := newWorld(t)
	w.must(func(tx *store.Tx) error {
		Answered(tx, 0, []Action{{ID: 0, VMID: 0, HostID: 1}, {ID: 1, VMID: 1, HostID: 2}, {ID: 2, VMID: 2, HostID: 2}}, true)
		return nil
	})
	return w
}

func TestMovesOneByOne(t *testing.T) {
	t.Parallel()
	w := planned(t)
	limits := Limits{PerHost: 1, PerCluster: 2}
	next := func(want int) {
		t.Helper()
		if a, some := Of(w.Read(), 0).Next(limits); some != (want >= 0) || some && a.ID != want {
			t.Errorf("next is action %d (%v), want %d", a.ID, some, want)
		}
	}
	next(0)
	w.begin(0)
	next(1)
	w.begin(1)
	next(-1) // two are under way
	w.expect(Applying, Applying, Applying, Ready)
	w.end(0, nil)
	w.expect(Applying, Done, Applying, Ready)
	next(-1) // one is migrating to host 2
	w.end(1, errors.New("no route"))
	w.expect(Applying, Done, Failed, Ready)
	next(2)
	w.begin(2)
	w.end(2, nil)
	w.expect(Failed, Done, Failed, Done)
	for id, want := range []int{1, 0, 2} {
		if v, _ := vm.Kind.Get(w.Read(), id); v.Last().HostID != want {
			t.Errorf("VM %d is on host %d, want %d", id, v.Last().HostID, want)
		}
	}
}

// TestOutcomesAreFoundInTheHistory although the VM has changed its state since.
func TestOutcomesAreFoundInTheHistory(t *testing.T) {
	t.Parallel()
	w := planned(t)
	w.begin(0)
	w.begin(1)
	w.end(0, nil)
	w.end(1, errors.New("no route"))
	w.must(func(tx *store.Tx) error {
		return vm.Migrate(tx, w.vms, nil, 1, vm.Migration{HostID: 1, DSID: -1, Live: true})
	})
	w.must(func(tx *store.Tx) error {
		v, err := vm.Kind.Edit(tx, 0)
		if err == nil {
			v.History = append(v.History, vm.History{Seq: 2, HostID: 1, PlanID: 0, ActionID: -1})
			vm.Kind.Table.Put(tx, store.ID(0), v)
		}
		return err
	})
	w.expect(Applying, Done, Failed, Ready)
}

func TestTimeout(t *testing.T) {
	t.Parallel()
	w := planned(t)
	for id := range 3 {
		w.begin(id)
	}
	w.end(2, nil)
	w.now = w.now.Add(2 * time.Minute)
	w.end(1, nil)
	w.expect(TimedOut, TimedOut, Done, Done)
	w.must(func(tx *store.Tx) error { return Execute(tx, 0) }) // waits again
	w.end(0, nil)
	w.expect(Done, Done, Done, Done)
}

func TestRefusedMove(t *testing.T) {
	t.Parallel()
	w := planned(t)
	var refused *one.Error
	w.must(func(tx *store.Tx) error {
		h, err := host.Kind.Edit(tx, 1)
		if err == nil {
			h.State = one.HostOffline
			host.Kind.Put(tx, h)
		}
		return err
	})
	err := w.Update(context.Background(), func(tx *store.Tx) error { return Begin(tx, w.vms, 0, 0) })
	if !errors.As(err, &refused) {
		t.Fatalf("got %v, want a refusal", err)
	}
	w.must(func(tx *store.Tx) error { Refused(tx, 0, 0, refused); return nil })
	w.expect(Applying, Failed, Ready, Ready)
	v, _ := vm.Kind.Get(w.Read(), 0)
	if text := v.User.Get("ERROR"); len(text) < 25 || text[26:] != "[migrate] Host is offline, cannot use it to deploy VM" {
		t.Errorf("ERROR is %q", text)
	}
}

// TestStates compares what is possible in each state with a table.
func TestStates(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, tt := range []struct {
		state                State
		ask, execute, delete string
	}{
		{None, "", "Plan is not ready", "Plan for cluster 0 does not exist"},
		{Ready, "", "", ""},
		{Applying, "Can't optimize cluster. A previous plan is currently being applied.", "Plan is already applying", ""},
		{Done, "", "Plan is already done", ""},
		{Failed, "", "Plan is in error state", ""},
		{TimedOut, "", "", ""},
	} {
		for name, rule := range map[string]struct {
			do   func(*store.Tx, int) error
			want string
		}{"optimize": {Ask, tt.ask}, "execute": {Execute, tt.execute}, "delete": {Delete, tt.delete}} {
			got := ""
			w.must(func(tx *store.Tx) error {
				put(tx, &Plan{State: tt.state})
				if err := rule.do(tx, 0); err != nil {
					got = err.Error()
				}
				return nil
			})
			if got != rule.want {
				t.Errorf("%s in state %d: got %q, want %q", name, tt.state, got, rule.want)
			}
		}
	}
}

func TestNoMovesKeepThePlan(t *testing.T) {
	t.Parallel()
	w := planned(t)
	w.must(func(tx *store.Tx) error {
		Answered(tx, 0, []Action{{ID: 0, VMID: 2, HostID: 1}}, false)
		return nil
	})
	w.expect(Applying, Ready, Ready, Ready)
	w.must(func(tx *store.Tx) error {
		put(tx, &Plan{State: Done, Asked: true, Actions: []Action{{State: Done}}})
		Answered(tx, 0, nil, false)
		return nil
	})
	w.expect(Done, Done)
	if Of(w.Read(), 0).Asked {
		t.Error("the plan is still asked for")
	}
}
