package vmkiller_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"

	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/rvpe"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
	"github.com/renkei-vpe/renkei/pkg/user"
	"github.com/renkei-vpe/renkei/pkg/vm"
	"github.com/renkei-vpe/renkei/pkg/vmkiller"
)

// world is a store with VMs of RENKEI-VPE, and a Core that records how they are shut down.
type world struct {
	t      *testing.T
	log    *memlog.Log
	store  *store.Store
	worker *vmkiller.Worker
	told   *bytes.Buffer // the log

	ended  []string     // calls
	refuse map[int]bool // VMs for which calls fail
}

// Within stands for OpenNebula 2.2's methods: VMs end at once.
func (w *world) Within(tx *store.Tx, c *one.Caller, method string, args ...any) (any, error) {
	id := args[1].(int)
	if w.refuse[id] {
		return nil, one.Errorf(one.CodeAction, "Wrong state to perform action")
	}
	w.ended = append(w.ended, fmt.Sprint(method, " ", args[0], " ", id, " by ", c.UName))
	v, ok := vm.Kind.Table.Edit(tx, store.ID(id))
	if !ok {
		return nil, fmt.Errorf("there is no VM %d", id)
	}
	v.State, v.ETime = one.VMDone, tx.Now.Unix()
	vm.Kind.Table.Put(tx, store.ID(id), v)
	return nil, nil
}

// life is how long VMs may run.
const life = 24 * time.Hour

// openWorld has a VM for each owner, from VM 1 on, that has not started yet.
func openWorld(t *testing.T, exceptions string, owners ...string) *world {
	w := &world{t: t, log: memlog.New(), told: new(bytes.Buffer), refuse: map[int]bool{}}
	w.remember(owners)
	w.open(rvpe.Tables()...)
	w.update(func(tx *store.Tx) error {
		user.Kind.Put(tx, &user.User{Meta: object.Meta{ID: one.OneadminID, Name: "oneadmin"}})
		rvpe.Setup(tx)
		return nil
	})
	file := filepath.Join(t.TempDir(), "exceptions")
	if exceptions != "" {
		if err := os.WriteFile(file, []byte(exceptions), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	w.worker = &vmkiller.Worker{
		Store: w.store, Core: w, Life: life, Every: time.Hour, Exceptions: file, Clock: time.Now, Log: zerolog.New(w.told),
	}
	return w
}

// remember stores RENKEI-VPE's rows of the VMs: VM 1 has the ID 101 there.
func (w *world) remember(owners []string) {
	rows := store.NewTable[rvpe.Machine]("rvpe_machine")
	w.open(rows)
	w.update(func(tx *store.Tx) error {
		for i, owner := range owners {
			rows.Put(tx, store.ID(101+i), &rvpe.Machine{ID: 101 + i, VMID: 1 + i, Member: owner, MemberID: 7})
		}
		return nil
	})
	if err := w.store.Close(); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) open(tables ...store.AnyTable) {
	tables = append(tables, user.Kind.Table, vm.Kind.Table)
	st, err := store.Open(store.Options{Log: w.log, Tables: tables})
	if err != nil {
		w.t.Fatal(err)
	}
	w.store = st
}

func (w *world) update(change func(tx *store.Tx) error) {
	w.t.Helper()
	if err := w.store.Update(w.t.Context(), change); err != nil {
		w.t.Fatal(err)
	}
}

// begin starts VMs now.
func (w *world) begin(ids ...int) {
	w.update(func(tx *store.Tx) error {
		for _, id := range ids {
			vm.Kind.Put(tx, &vm.VM{Meta: object.Meta{ID: id, Name: "vm"}, State: one.VMActive, LCM: one.LCMRunning, STime: tx.Now.Unix()})
		}
		return nil
	})
}

// expect checks which calls were made since the last time.
func (w *world) expect(when string, want ...string) {
	w.t.Helper()
	if diff := cmp.Diff(want, w.ended); diff != "" {
		w.t.Errorf("%s (-want +got):\n%s", when, diff)
	}
	w.ended = nil
}

// run runs the worker while test lets time pass.
func (w *world) run(test func()) {
	ctx, stop := context.WithCancel(w.t.Context())
	done := make(chan struct{})
	go func() { defer close(done); w.worker.Run(ctx) }()
	synctest.Wait()
	test()
	stop()
	<-done
	if err := w.store.Close(); err != nil {
		w.t.Error(err)
	}
}

func pass(d time.Duration) { time.Sleep(d); synctest.Wait() }

// TestInTime: a VM is shut down at the first check after its time, and only once.
func TestInTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := openWorld(t, "", "user1", "user2")
		w.begin(1)
		w.run(func() {
			pass(90 * time.Minute)
			w.begin(2)
			pass(life - 90*time.Minute - time.Second)
			w.expect("a second before its time")
			pass(time.Second)
			w.expect("in time", "vm.action shutdown 1 by oneadmin")
			pass(time.Hour)
			w.expect("half an hour before the other's time")
			pass(time.Hour)
			w.expect("half an hour after it", "vm.action shutdown 2 by oneadmin")
			pass(life)
			w.expect("when all are ended")
		})
	})
}

// TestSpared: the file of exceptions is read at each check.
func TestSpared(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := openWorld(t, "popadmin\nuser2\n", "user1", "user2")
		w.begin(1, 2)
		w.run(func() {
			pass(life)
			w.expect("with user2 spared", "vm.action shutdown 1 by oneadmin")
			if err := os.Remove(w.worker.Exceptions); err != nil {
				t.Fatal(err)
			}
			pass(time.Hour)
			w.expect("without the file", "vm.action shutdown 2 by oneadmin")
		})
	})
}

// TestUnreadable: if the file cannot be read, nothing is shut down.
func TestUnreadable(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := openWorld(t, "", "user1")
		w.worker.Exceptions = t.TempDir()
		w.begin(1)
		w.run(func() {
			pass(2 * life)
			w.expect("with a folder for a file")
			if !strings.Contains(w.told.String(), "is a directory") {
				t.Errorf("the log says %s", w.told)
			}
		})
	})
}

// TestRefused: a VM that cannot be shut down is logged once and tried again, and does not keep
// others from being shut down.
func TestRefused(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := openWorld(t, "", "user1", "user1")
		w.begin(1, 2)
		w.refuse[1] = true
		w.run(func() {
			pass(life + 3*time.Hour)
			w.expect("with one refused", "vm.action shutdown 2 by oneadmin")
			if n := strings.Count(w.told.String(), "Wrong state to perform action"); n != 1 {
				t.Errorf("the refusal is logged %d times:\n%s", n, w.told)
			}
			w.refuse[1] = false
			pass(time.Hour)
			w.expect("when it can be ended", "vm.action shutdown 1 by oneadmin")
		})
	})
}

// TestOthers: VMs that are not RENKEI-VPE's may run forever.
func TestOthers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := openWorld(t, "")
		w.begin(1)
		w.run(func() {
			pass(10 * life)
			w.expect("of others")
		})
	})
}
