package vm

import (
	"errors"
	"testing"
	"time"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// do fires an action as oneadmin and ends its effects.
func (w *world) do(id int, action string) {
	w.must(func(tx *store.Tx) error { return Act(tx, w.s, oneadmin, id, action) })
	w.run(id)
}

// recover recovers a VM with an operation code and ends its effects.
func (w *world) recover(id, code int) {
	w.must(func(tx *store.Tx) error {
		ev, err := ParseRecovery(code)
		if err != nil {
			return err
		}
		return Recover(tx, w.s, oneadmin, id, ev)
	})
	w.run(id)
}

// The last history record shows how the VM ended, as oned's does.
func TestActionOfTheLastRecord(t *testing.T) {
	t.Parallel()
	end := func(action string) func(*world, int) { return func(w *world, id int) { w.do(id, action) } }
	code := func(n int) func(*world, int) { return func(w *world, id int) { w.recover(id, n) } }
	for name, c := range map[string]struct {
		before string
		end    func(*world, int)
		want   one.HistoryAction
	}{
		"running, hard":                      {"", end("terminate-hard"), one.ActionTerminateHard},
		"off, hard":                          {"poweroff", end("terminate-hard"), one.ActionTerminate},
		"stopped":                            {"stop", end("terminate"), one.ActionTerminate},
		"undeployed, hard":                   {"undeploy", end("terminate-hard"), one.ActionTerminate},
		"running, deleted":                   {"", code(3), one.ActionDelete},
		"off, deleted":                       {"poweroff", code(3), one.ActionPoweroff},
		"stopped, deleted":                   {"stop", code(3), one.ActionStop},
		"running, deleted from the database": {"", code(5), one.ActionNone},
		"undeployed, recreated":              {"undeploy", code(4), one.ActionDeleteRecreate},
		"off, undeployed by hand":            {"poweroff", end("undeploy-hard"), one.ActionUndeploy},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			id := w.running("CPU=1\nMEMORY=64")
			if c.before != "" {
				w.do(id, c.before)
			}
			c.end(w, id)
			if got := w.vm(id).Last().Action; got != c.want {
				t.Errorf("the record has the action %d, want %d", got, c.want)
			}
			w.audit()
		})
	}
}

// History records name no action if monitoring loses a VM or finds it again, or if an unknown VM
// is booted.
func TestUnknownVMsLeaveNoActionInHistory(t *testing.T) {
	t.Parallel()
	for name, then := range map[string]func(*world, int){
		"lost":   func(*world, int) {},
		"found":  func(w *world, id int) { w.see(id, drivers.DomainRunning) },
		"booted": func(w *world, id int) { w.do(id, "resume") },
		"not booted": func(w *world, id int) {
			if err := w.act(oneadmin, id, "resume"); err != nil {
				t.Error(err)
			}
			w.settle(id, nil, errors.New("refused"))
		},
	} {
		w := newWorld(t)
		id := w.running("CPU=1\nMEMORY=64")
		w.see(id, drivers.DomainFailed)
		then(w, id)
		if rec := w.vm(id).Last(); rec.Action != one.ActionNone || rec.UID != -1 {
			t.Errorf("%s: the record says %s by %d; want nothing", name, rec.Action, rec.UID)
		}
		w.audit()
	}
}

// see has a poll of its host report a VM, a minute after it changed.
func (w *world) see(id int, state drivers.DomainState) {
	v := w.vm(id)
	w.must(func(tx *store.Tx) error {
		return Observe(tx, w.s, id, v.Last().HostID, state, time.Unix(v.Changed+60, 0))
	})
}

// Only resuming a stopped or undeployed VM, which the scheduler deploys again, updates its
// automatic requirements.
func TestResumeOnItsHostKeepsRequirements(t *testing.T) {
	t.Parallel()
	for before, updated := range map[string]bool{"poweroff": false, "suspend": false, "stop": true, "undeploy": true} {
		w := newWorld(t)
		id := w.running("CPU=1\nMEMORY=64")
		w.do(id, before)
		w.must(func(tx *store.Tx) error {
			v, err := Kind.Edit(tx, id)
			if err == nil {
				v.Template.Set("AUTOMATIC_REQUIREMENTS", "as they were")
				Kind.Put(tx, v)
			}
			return err
		})
		w.do(id, "resume")
		if got := w.vm(id).Template.Get("AUTOMATIC_REQUIREMENTS"); (got != "as they were") != updated {
			t.Errorf("after %s the requirements are %q; want them updated: %v", before, got, updated)
		}
	}
}

// recover --delete-db leaves the current phase of the history record open.
func TestRecoverDeleteDBLeavesPhaseOpen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.allocate("CPU=1\nMEMORY=64", false)
	w.must(func(tx *store.Tx) error { return Deploy(tx, w.s, oneadmin, id, Deployment{HostID: 0, DSID: -1}) })
	w.recover(id, 5)
	rec := w.vm(id).Last()
	if rec.PSTime == 0 || rec.PETime != 0 || rec.ETime == 0 {
		t.Errorf("prolog %d to %d, until %d; want an open prolog in a closed record", rec.PSTime, rec.PETime, rec.ETime)
	}
	w.audit()
}

func TestDoneVMsKeepTheirOwner(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.running("CPU=1\nMEMORY=64")
	w.do(id, "terminate-hard")
	v := w.vm(id)
	if err := w.update(func(tx *store.Tx) error { return chowned(tx, oneadmin, v, v) }); err == nil {
		t.Error("the owner was changed, want an error")
	}
}

// The capacity that the VM uses is available for its resize.
func TestResizeErrorHasFreeCapacityOfTheHost(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.running("CPU=1\nMEMORY=64")
	w.do(id, "poweroff")
	h, err := host.Kind.Get(w.store.Read(), 0)
	if err != nil {
		t.Fatal(err)
	}
	err = w.update(func(tx *store.Tx) error { return Resize(tx, w.s, oneadmin, id, template("CPU=1000"), true) })
	if want := one.Errorf(one.CodeAction, "Not enough CPU: 100000/%d", h.Share.MaxCPU); err == nil || err.Error() != want.Error() {
		t.Errorf("got %v, want %v", err, want)
	}
}

func TestDevicesAreMarkedDuringAChange(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.running("CPU=1\nMEMORY=64")
	w.must(func(tx *store.Tx) error { return AttachDisk(tx, w.s, oneadmin, id, template("DISK=[TYPE=fs,SIZE=10]")) })
	disk := w.vm(id).Template.Vectors("DISK")[0]
	if disk.Get("ATTACH") != "YES" {
		t.Errorf("while it is attached, DISK is %v", disk)
	}
	w.run(id)
	if disk := w.vm(id).Template.Vectors("DISK")[0]; disk.Has("ATTACH") {
		t.Errorf("when it is attached, DISK is %v", disk)
	}
	w.must(func(tx *store.Tx) error { return DetachDisk(tx, w.s, oneadmin, id, diskID(disk)) })
	if disk := w.vm(id).Template.Vectors("DISK")[0]; disk.Get("ATTACH") != "YES" {
		t.Errorf("while it is detached, DISK is %v", disk)
	}
	w.run(id)
	w.must(func(tx *store.Tx) error {
		_, err := CreateSnapshot(tx, w.s, oneadmin, id, "s")
		return err
	})
	if snap := w.vm(id).Template.Vector("SNAPSHOT"); snap.Get("ACTION") != "CREATE" || snap.Get("ACTIVE") != "YES" {
		t.Errorf("while it is created, SNAPSHOT is %v", snap)
	}
	w.run(id)
	if snap := w.vm(id).Template.Vector("SNAPSHOT"); snap.Has("ACTION") || snap.Has("ACTIVE") {
		t.Errorf("when it is created, SNAPSHOT is %v", snap)
	}
}

// Only AUTO NICs can get a network when the VM is deployed.
func TestDeployRefusesNetworksForOtherNICs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.allocate("CPU=1\nMEMORY=64\nNIC=[NETWORK_ID=0]", false)
	for extra, want := range map[string]string{"NIC=[NIC_ID=0,NETWORK_ID=0]": "NIC_ID 0 not AUTO", "NIC=[NIC_ID=7,NETWORK_ID=0]": "NIC_ID 7 not found"} {
		err := w.update(func(tx *store.Tx) error {
			return Deploy(tx, w.s, oneadmin, id, Deployment{HostID: 0, DSID: -1, Extra: template(extra)})
		})
		if err == nil || err.Error() != want {
			t.Errorf("%s: got %v, want %s", extra, err, want)
		}
	}
}

// The host is checked before the VM, and the VM before the datastore.
func TestOrderOfCheckDeploy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.allocate("CPU=1\nMEMORY=64", false)
	for _, c := range []struct {
		id   int
		to   Deployment
		want string
	}{
		{99, Deployment{HostID: 77, DSID: -5}, "Error getting host [77]."},
		{99, Deployment{HostID: 0, DSID: -5}, "Error getting virtual machine [99]."},
		{id, Deployment{HostID: 0, DSID: -5}, "Error getting datastore [-5]."},
	} {
		if err := CheckDeploy(w.store.Read(), c.id, c.to); err == nil || err.Error() != c.want {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}

// A VM keeps its port on its host, and if its memory was saved.
func TestPortAfterLeavingTheHost(t *testing.T) {
	t.Parallel()
	for action, want := range map[string]string{"stop": "5903", "suspend": "5903", "poweroff": "5903", "undeploy": "", "terminate-hard": ""} {
		w := newWorld(t)
		id := w.running("CPU=1\nMEMORY=64\nGRAPHICS=[TYPE=VNC,PORT=5903]")
		w.do(id, action)
		if got := w.vm(id).Template.Vector("GRAPHICS").Get("PORT"); got != want {
			t.Errorf("after %s the port is %q, want %q", action, got, want)
		}
	}
}

// TestABackupConfigThatSaysNothing: what users may not set, and what is empty, leaves the
// configuration of backups as it is, also where it would replace it.
func TestABackupConfigThatSaysNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.allocate("CPU=1\nMEMORY=64\nBACKUP_CONFIG=[KEEP_LAST=3]", true)
	for _, c := range []struct{ given, want string }{
		{"LAST_DATASTORE_ID=9", "3"}, {`FS_FREEZE=""`, "3"}, {`KEEP_LAST="",MODE=FULL`, ""},
	} {
		w.must(func(tx *store.Tx) error {
			return UpdateConf(tx, w.s, oneadmin, id, template("BACKUP_CONFIG=["+c.given+"]"), false)
		})
		if got := w.vm(id).Backups.Config.Get(cfgKeepLast); got != c.want {
			t.Errorf("after %s KEEP_LAST is %q, want %q", c.given, got, c.want)
		}
	}
}
