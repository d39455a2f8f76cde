package vm

import (
	"errors"
	"slices"
	"testing"

	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/schedule"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Scheduled actions of a template are created with the VM. If one is invalid, neither is.
func TestScheduledActionsOfATemplate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.allocate(`CPU=1
MEMORY=64
SCHED_ACTION=[ACTION=poweroff,TIME="+60"]
SCHED_ACTION=[ACTION=terminate,TIME="4102444800"]`, true)
	v := w.vm(id)
	if !slices.Equal(v.SchedActions, []int{0, 1}) || v.User.Has("SCHED_ACTION") || v.Template.Has("SCHED_ACTION") {
		t.Errorf("SchedActions is %v, and USER_TEMPLATE %v", v.SchedActions, v.User)
	}
	if a, ok := schedule.Table.Get(w.store.Read(), store.ID(0)); !ok || a.Time != v.STime+60 || a.Parent != id {
		t.Errorf("the first action is %+v; want it 60 s after %d", a, v.STime)
	}
	err := w.update(func(tx *store.Tx) error {
		_, err := Allocate(tx, w.s, alice, template("CPU=1\nMEMORY=64\nSCHED_ACTION=[ACTION=dance,TIME=5]"), true)
		return err
	})
	if !isRefusal(err, one.CodeInternal, "dance is not supported.") || Kind.Table.Len(w.store.Read()) != 1 {
		t.Errorf("with an invalid action: %v, and %d VMs", err, Kind.Table.Len(w.store.Read()))
	}
	w.audit()
}

func isRefusal(err error, code one.Code, msg string) bool {
	var e *one.Error
	return errors.As(err, &e) && e.Code == code && e.Msg == msg
}

func TestAddUpdateAndDeleteSchedule(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.allocate("CPU=1\nMEMORY=64", true)
	add := func(text string) (action int, err error) {
		err = w.update(func(tx *store.Tx) (err error) { action, err = AddSchedule(tx, id, text); return err })
		return action, err
	}
	update := func(action int, text string) error {
		return w.update(func(tx *store.Tx) error { return UpdateSchedule(tx, id, action, text) })
	}
	remove := func(action int) error {
		return w.update(func(tx *store.Tx) error { return DeleteSchedule(tx, id, action) })
	}
	action, err := add(`SCHED_ACTION=[ACTION=stop,TIME="5"]`)
	if err != nil || action != 0 {
		t.Fatalf("the first action is %d, %v", action, err)
	}
	if err := update(0, `SCHED_ACTION=[TIME=7]`); err != nil {
		t.Error(err)
	}
	if a, _ := schedule.Table.Get(w.store.Read(), store.ID(0)); a.Time != 7 || a.Action != "stop" {
		t.Errorf("the updated action is %+v; want stop at 7", a)
	}
	_, err = add(`SCHED_ACTION=[ACTION=foo,TIME="5"]`)
	_, bare := add(`A=1`)
	for what, c := range map[string]struct {
		err  error
		code one.Code
		msg  string
	}{
		"an unknown action": {err, one.CodeAction, "foo is not supported."},
		"no action":         {bare, one.CodeAction, "No SCHED_ACTION attribute in template"},
		"update to none":    {update(0, "A=1"), one.CodeInternal, "No SCHED_ACTION attribute in template"},
		"update another's":  {update(5, `SCHED_ACTION=[TIME=7]`), one.CodeInternal, "SCHED_ACTION with id = 5 doesn't exist"},
		"update wrongly":    {update(0, `SCHED_ACTION=[TIME=x]`), one.CodeInternal, "Unable to parse the time value or value is empty: x"},
		"delete another's":  {remove(5), one.CodeNoExists, "Error getting scheduled action [5]."},
	} {
		if !isRefusal(c.err, c.code, c.msg) {
			t.Errorf("%s: %v; want %q", what, c.err, c.msg)
		}
	}
	if err := remove(0); err != nil || len(w.vm(id).SchedActions) != 0 || schedule.Table.Len(w.store.Read()) != 0 {
		t.Errorf("after deleting, the VM has %v: %v", w.vm(id).SchedActions, err)
	}
}

func TestDoneVMsHaveNoSchedule(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.allocate("CPU=1\nMEMORY=64\nSCHED_ACTION=[ACTION=stop,TIME=5]", true)
	w.must(func(tx *store.Tx) error { return Act(tx, w.s, alice, id, "terminate") })
	if n := schedule.Table.Len(w.store.Read()); n != 0 {
		t.Errorf("%d actions are left after their VM has ended", n)
	}
	err := w.update(func(tx *store.Tx) error {
		_, err := AddSchedule(tx, id, "SCHED_ACTION=[ACTION=stop,TIME=5]")
		return err
	})
	if !isRefusal(err, one.CodeInternal, "Unable to create Scheduled Action for Virtual Machine 0, it's in DONE state") {
		t.Errorf("schedadd for a VM in DONE: %v", err)
	}
}
