package schedrun

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/lifecycle"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/schedule"
	"github.com/renkei-vpe/renkei/pkg/schema"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// world is a store with running VMs, in a synctest bubble.
type world struct {
	t     *testing.T
	log   *memlog.Log
	store *store.Store
	stop  func()
}

func openWorld(t *testing.T) *world {
	w := &world{t: t, log: memlog.New()}
	w.open()
	w.update(func(tx *store.Tx) error {
		host.Kind.Put(tx, &host.Host{Meta: object.Meta{ID: 0, Name: "node1"}, State: one.HostMonitored})
		return nil
	})
	return w
}

// open opens a store on the log.
func (w *world) open() {
	st, err := store.Open(store.Options{Log: w.log, Tables: schema.Tables()})
	if err != nil {
		w.t.Fatal(err)
	}
	w.store = st
}

// start runs the worker until stop is called.
func (w *world) start() {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	worker := &Worker{Store: w.store, VMs: vm.DefaultSettings(), Every: Every, Clock: time.Now, Log: zerolog.Nop()}
	go func() { defer close(done); worker.Run(ctx) }()
	w.stop = func() { cancel(); <-done }
}

func (w *world) update(fn func(tx *store.Tx) error) {
	w.t.Helper()
	if err := w.store.Update(context.Background(), fn); err != nil {
		w.t.Fatal(err)
	}
}

// running makes a running VM with scheduled actions.
func (w *world) running(id int, actions ...string) {
	w.update(func(tx *store.Tx) error {
		v := &vm.VM{
			Meta: object.Meta{ID: id, Name: "vm"}, State: one.VMActive, LCM: one.LCMRunning, STime: tx.Now.Unix(),
			History: []vm.History{{HostID: 0, VMMad: "dummy", STime: tx.Now.Unix()}},
		}
		vm.Kind.Put(tx, v)
		for _, text := range actions {
			if _, err := vm.AddSchedule(tx, id, "SCHED_ACTION=["+text+"]"); err != nil {
				return err
			}
		}
		return nil
	})
}

func (w *world) vm(id int) *vm.VM {
	v, err := vm.Kind.Get(w.store.Read(), id)
	if err != nil {
		w.t.Fatal(err)
	}
	return v
}

func (w *world) action(id int) *schedule.Action {
	a, ok := schedule.Table.Get(w.store.Read(), store.ID(id))
	if !ok {
		w.t.Fatalf("action %d is gone", id)
	}
	return a
}

// settle ends the action that a VM is carrying out.
func (w *world) settle(id int) {
	w.update(func(tx *store.Tx) error {
		for _, e := range effect.Of(tx, one.KindVM, id) {
			effect.Done(tx, e.ID)
			if err := vm.Settle(tx, vm.DefaultSettings(), e, nil, nil); err != nil {
				return err
			}
		}
		return nil
	})
}

func bubble(t *testing.T, test func(w *world)) {
	synctest.Test(t, func(t *testing.T) {
		w := openWorld(t)
		w.start()
		test(w)
		w.stop()
		if err := w.store.Close(); err != nil {
			t.Error(err)
		}
	})
}

func pass(d time.Duration) { time.Sleep(d); synctest.Wait() }

// TestDueActionIsDoneOnce, within a second after its time.
func TestDueActionIsDoneOnce(t *testing.T) {
	t.Parallel()
	bubble(t, func(w *world) {
		w.running(1, `ACTION=poweroff,TIME="+100"`)
		pass(100 * time.Second)
		if got := w.vm(1).LCM; got != one.LCMRunning {
			t.Errorf("before its time the VM is %s", got)
		}
		pass(time.Second)
		if got := w.vm(1).Status().String(); got != "SHUTDOWN_POWEROFF" {
			t.Errorf("after 101 s the VM is %s; want SHUTDOWN_POWEROFF", got)
		}
		if a := w.action(0); a.Done != w.vm(1).STime+101 || a.Message != "" || a.Waits() {
			t.Errorf("the action is %+v; want it done at second 101", a)
		}
		if rec := w.vm(1).Last(); rec.Action != one.ActionPoweroff || rec.UID != 0 {
			t.Errorf("the history names %s of user %d; want poweroff of oneadmin", rec.Action, rec.UID)
		}
	})
}

// TestEarlierActionScheduledLater: it is not missed although the worker sleeps until a later
// time.
func TestEarlierActionScheduledLater(t *testing.T) {
	t.Parallel()
	bubble(t, func(w *world) {
		w.running(1, `ACTION=poweroff,TIME="+100000"`)
		synctest.Wait()
		w.running(2, `ACTION=suspend,TIME="+10"`)
		pass(11 * time.Second)
		if got := w.vm(2).Status().String(); got != "SAVE_SUSPEND" {
			t.Errorf("VM 2 is %s; want SAVE_SUSPEND", got)
		}
	})
}

// TestFailedActionIsTriedAgain until it succeeds, and shows the reason meanwhile.
func TestFailedActionIsTriedAgain(t *testing.T) {
	t.Parallel()
	bubble(t, func(w *world) {
		w.running(1, `ACTION=resume,TIME="+10"`)
		pass(11 * time.Second)
		a := w.action(0)
		want := ` : [resume] Error performing action "resume": This action is not available for state RUNNING`
		if !strings.HasSuffix(a.Message, want) || !a.Waits() {
			t.Errorf("the action says %q, waits %v; want …%q", a.Message, a.Waits(), want)
		}
		w.update(func(tx *store.Tx) error {
			return vm.Act(tx, vm.DefaultSettings(), oneadmin, 1, lifecycle.Poweroff.String())
		})
		w.settle(1)
		pass(Every)
		if got := w.vm(1).Status().String(); got != "BOOT_POWEROFF" {
			t.Errorf("a moment later the VM is %s; want BOOT_POWEROFF", got)
		}
		if a := w.action(0); a.Message != "" || a.Waits() {
			t.Errorf("the action is %+v; want it done", a)
		}
	})
}

// TestActionsOfAVMAreDoneInOrder of their times; each waits for the end of the one before.
func TestActionsOfAVMAreDoneInOrder(t *testing.T) {
	t.Parallel()
	bubble(t, func(w *world) {
		w.running(1, `ACTION=terminate,TIME="+11"`, `ACTION=suspend,TIME="+10"`)
		pass(12 * time.Second)
		if got := w.vm(1).Status().String(); got != "SAVE_SUSPEND" {
			t.Fatalf("the VM is %s; want SAVE_SUSPEND first", got)
		}
		pass(Every)
		if a := w.action(0); a.Message == "" || !a.Waits() {
			t.Errorf("terminate is %+v; want it refused while the VM is being saved", a)
		}
		w.settle(1)
		pass(Every)
		if got := w.vm(1).Status().String(); got != "EPILOG" {
			t.Errorf("the VM is %s; want EPILOG", got)
		}
		w.settle(1)
		if n := schedule.Table.Len(w.store.Read()); n != 0 {
			t.Errorf("%d actions are left of a VM that is DONE", n)
		}
	})
}

// TestMissedActionsAreDoneAtStart: those that were due while no server was running.
func TestMissedActionsAreDoneAtStart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := openWorld(t)
		w.start()
		w.running(1, `ACTION=poweroff-hard,TIME="+3600"`)
		w.running(2, `ACTION=reboot,TIME="+600",REPEAT=3,DAYS=1,END_TYPE=0`)
		w.stop()
		if err := w.store.Close(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(5 * time.Hour)
		w.open()
		w.start()
		synctest.Wait()
		if got := w.vm(1).Status().String(); got != "SHUTDOWN_POWEROFF" {
			t.Errorf("VM 1 is %s; want SHUTDOWN_POWEROFF", got)
		}
		if a := w.action(1); a.Done == -1 || a.Time != w.vm(2).STime+600+5*3600 {
			t.Errorf("the reboot is %+v; want it done once and next after the start", a)
		}
		w.stop()
		if err := w.store.Close(); err != nil {
			t.Error(err)
		}
	})
}

// TestArguments: snapshots get theirs from ARGS.
func TestArguments(t *testing.T) {
	t.Parallel()
	bubble(t, func(w *world) {
		w.running(1, `ACTION=snapshot-create,ARGS=before,TIME="+1"`)
		w.running(2, `ACTION=disk-snapshot-create,ARGS=0,TIME="+1"`)
		w.running(3, `ACTION=snapshot-delete,ARGS=x,TIME="+1"`)
		pass(2 * time.Second)
		var snap *attr.Attr
		if snap = w.vm(1).Template.Vector("SNAPSHOT"); snap == nil || snap.Get("NAME") != "before" {
			t.Errorf("VM 1 has the snapshot %v; want one called before", snap)
		}
		for id, want := range map[int]string{
			1: "Missing or malformed ARGS for: disk-snapshot-create. Format: disk-id, snapshot-name",
			2: "Missing or malformed ARGS for: snapshot-delete. Format: snapshot-id",
		} {
			if got := w.action(id).Message; !strings.HasSuffix(got, " : "+want) {
				t.Errorf("action %d says %q; want …%q", id, got, want)
			}
		}
	})
}

// TestLocked: nothing is done to a locked VM, whoever scheduled it.
func TestLocked(t *testing.T) {
	t.Parallel()
	bubble(t, func(w *world) {
		w.running(1, `ACTION=poweroff,TIME="+1"`)
		w.update(func(tx *store.Tx) error { return vm.Kind.LockIt(tx, oneadmin, 1, object.LockUse, false) })
		pass(2 * time.Second)
		if got := w.action(0).Message; !strings.HasSuffix(got, " : [poweroff] User [0] : VM is locked. [1].") {
			t.Errorf("the action says %q", got)
		}
		w.update(func(tx *store.Tx) error { return vm.Kind.Unlock(tx, oneadmin, 1) })
		pass(Every)
		if got := w.vm(1).Status().String(); got != "SHUTDOWN_POWEROFF" {
			t.Errorf("unlocked, the VM is %s; want SHUTDOWN_POWEROFF", got)
		}
	})
}

// TestPastTimes: an action for a past time is done at once.
func TestPastTimes(t *testing.T) {
	t.Parallel()
	bubble(t, func(w *world) {
		pass(time.Second)
		w.running(1, "ACTION=poweroff,TIME=5")
		pass(time.Second)
		if got := w.vm(1).Status().String(); got != "SHUTDOWN_POWEROFF" {
			t.Errorf("a second later the VM is %s; want SHUTDOWN_POWEROFF", got)
		}
	})
}
