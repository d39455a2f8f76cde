package vm

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

func TestRecordsReturnPastVersionsOfAVM(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.running("NAME=small\nCPU=1\nMEMORY=64")
	w.must(func(tx *store.Tx) error { return Resize(tx, w.s, oneadmin, id, template("CPU=2\nMEMORY=128"), false) })
	w.run(id)
	w.must(func(tx *store.Tx) error { return Kind.Rename(tx, oneadmin, id, "large") })
	var got []string
	for _, then := range Records(w.store.Read(), w.vm(id)) {
		got = append(got, then.VM.Name+" "+then.VM.Template.Get("CPU"))
	}
	if diff := cmp.Diff([]string{"small 1", "small 2"}, got); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
	w.must(func(tx *store.Tx) error { return Act(tx, w.s, oneadmin, id, "terminate-hard") })
	w.run(id)
	if n := Accounts.Len(w.store.Read()); n != 2 {
		t.Errorf("%d accounts are stored after the VM has ended, want 2", n)
	}
}

func TestPeriods(t *testing.T) {
	t.Parallel()
	ended, open := &History{STime: 100, ETime: 200}, &History{STime: 100}
	for _, c := range []struct {
		p     Period
		rec   *History
		meets bool
	}{
		{Period{-1, -1}, ended, true}, {Period{-1, 100}, ended, false}, {Period{-1, 101}, ended, true},
		{Period{200, -1}, ended, false}, {Period{199, -1}, ended, true}, {Period{300, 400}, open, true},
	} {
		if c.p.Meets(c.rec) != c.meets {
			t.Errorf("%+v meets %+v: %v", c.p, *c.rec, !c.meets)
		}
	}
}

// TestShowback calculates the showback of a VM that was on a host from October 31st, 12:00 to
// November 1st, 02:00, and was running from 13:00 to 01:00.
func TestShowback(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	at := func(day, hour int) int64 { return time.Date(2026, 10, day, hour, 0, 0, 0, time.UTC).Unix() }
	w.must(func(tx *store.Tx) error {
		Kind.Put(tx, &VM{
			Meta: object.Meta{ID: 0, Name: "a", UID: 2, GID: 100, UName: "alice", GName: "devs", Template: template(
				"CPU=2\nMEMORY=100\nCPU_COST=1\nDISK_COST=0.5\nDISK=[SIZE=4]\nDISK=[SIZE=2,DISK_SNAPSHOT_TOTAL_SIZE=2]")},
			State: one.VMDone, History: []History{{STime: at(31, 12), ETime: at(32, 2), RSTime: at(31, 13), RETime: at(32, 1)}},
		})
		return nil
	})
	october := Showback{Name: "a", UID: 2, GID: 100, UName: "alice", GName: "devs", Year: 2026, Month: 10,
		CPU: 24, Memory: 12, Disk: 48, Hours: 12, Running: 11}
	november := october
	november.Month, november.CPU, november.Memory, november.Disk, november.Hours, november.Running = 11, 4, 2, 8, 2, 1
	running := november
	running.CPU, running.Memory = 2, 1
	any, tenth := Month{-1, -1}, Month{10, 2026}
	for _, c := range []struct {
		name     string
		from, to Month
		only     bool
		want     []Showback
	}{
		{"to October", any, tenth, false, []Showback{october}},
		{"to a month before the first record, which changes nothing", any, Month{9, 2026}, false, []Showback{october}},
		{"all", any, any, false, []Showback{october, november}},
		{"from a month long before the first record", Month{94175, -110615375}, any, false, []Showback{october, november}},
		{"with OnlyRunning", Month{11, 2026}, any, true, []Showback{october, running}},
	} {
		w.must(func(tx *store.Tx) error {
			s := w.s
			s.Costs = Costs{Memory: 0.01, OnlyRunning: c.only}
			CalculateShowback(tx, s, c.from, c.to)
			return nil
		})
		var got []Showback
		for row := range Showbacks.All(w.store.Read()) {
			got = append(got, *row.Val)
		}
		if diff := cmp.Diff(c.want, got, cmpopts.EquateApprox(0, 1e-9)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

// Attaching a disk closes a history record and opens another. oned's copy of the VM in the closed
// record does not have the new disk, the copy in the open one does.
func TestRecordsWhenADiskIsAttached(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.running("CPU=1\nMEMORY=64\nDISK=[IMAGE_ID=0]")
	w.must(func(tx *store.Tx) error {
		return AttachDisk(tx, w.s, oneadmin, id, template("DISK=[TYPE=fs,SIZE=1]"))
	})
	w.run(id)
	w.must(func(tx *store.Tx) error {
		return Kind.Chown(tx, oneadmin, id, object.Ownership{UID: 2, UName: "alice", GID: -1})
	})
	var got []string
	for _, a := range Records(w.store.Read(), w.vm(id)) {
		disks := a.VM.Template.Vectors("DISK")
		got = append(got, fmt.Sprint(a.VM.LCM, " after ", a.PrevLCM, ", ", len(disks), " disks, attaching ", disks[len(disks)-1].Get("ATTACH"), a.VM.UName))
	}
	want := []string{
		"HOTPLUG after RUNNING, 1 disks, attaching alice",
		"RUNNING after RUNNING, 2 disks, attaching alice",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
}

func TestPortIsReleasedWhenAVMLeavesItsHost(t *testing.T) {
	t.Parallel()
	for action, want := range map[string]string{"undeploy-hard": "", "terminate-hard": "", "poweroff-hard": "5900"} {
		w := newWorld(t)
		id := w.running("CPU=1\nMEMORY=64\nGRAPHICS=[TYPE=vnc]")
		w.must(func(tx *store.Tx) error { return Act(tx, w.s, oneadmin, id, action) })
		w.run(id)
		if got := w.vm(id).Template.Vector("GRAPHICS").Get("PORT"); got != want {
			t.Errorf("after %s the port is %q, want %q", action, got, want)
		}
	}
}

// Variables in CONTEXT are replaced only once, an empty OS deletes OS, and the owner of a VM in
// DONE cannot be changed.
func TestUpdateConfOfContextAndOS(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.allocate("NAME=web\nCPU=1\nMEMORY=64\nOS=[ARCH=x]\nCONTEXT=[A=\"$NAME\",B=b]", true)
	conf := func(text string, appendTo bool) error {
		return w.update(func(tx *store.Tx) error { return UpdateConf(tx, w.s, oneadmin, id, template(text), appendTo) })
	}
	w.must(func(tx *store.Tx) error {
		v, err := Kind.Edit(tx, id)
		v.Template.Vector("CONTEXT").Set("B", "$(ls)")
		Kind.Put(tx, v)
		return err
	})
	if err := conf("CONTEXT=[C=\"$NAME\"]\nOS=[ARCH=\"\"]", true); err != nil {
		t.Fatal(err)
	}
	c := w.vm(id).Template.Vector("CONTEXT")
	if got := c.Get("A") + " " + c.Get("B") + " " + c.Get("C"); got != "web $(ls) web" {
		t.Errorf("CONTEXT has the values %s after merging", got)
	}
	if got := w.vm(id).Template.Vector("OS").Get("ARCH"); got != "x" {
		t.Errorf("appending an empty ARCH left %q", got)
	}
	if err := conf("OS=[ARCH=\"\"]", false); err != nil || w.vm(id).Template.Has("OS") {
		t.Errorf("updateconf with an empty OS left %v, %v", w.vm(id).Template.Vector("OS"), err)
	}
	w.must(func(tx *store.Tx) error { return Act(tx, w.s, oneadmin, id, "terminate") })
	err := w.update(func(tx *store.Tx) error { return Kind.Chown(tx, oneadmin, id, object.Ownership{UID: 0, GID: -1}) })
	if err == nil || err.Error() != "Could not change VM ownership, wrong state" {
		t.Errorf("chown of a VM in DONE: %v", err)
	}
}
