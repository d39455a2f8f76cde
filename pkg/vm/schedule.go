package vm

import (
	"errors"
	"slices"

	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/schedule"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// createSchedule creates the scheduled actions of a new VM's template.
func createSchedule(tx *store.Tx, _ Settings, v *VM) error {
	for _, said := range v.User.Vectors("SCHED_ACTION") {
		id, err := schedule.Add(tx, one.KindVM, v.ID, v.STime, said)
		if err != nil {
			return err
		}
		v.SchedActions = append(v.SchedActions, id)
	}
	v.User.Del("SCHED_ACTION")
	return nil
}

// AddSchedule serves one.vm.schedadd and returns the action's ID.
func AddSchedule(tx *store.Tx, id int, text string) (int, error) {
	v, err := Kind.Edit(tx, id)
	if err != nil {
		return -1, err
	}
	if v.State == one.VMDone {
		return -1, bad("Unable to create Scheduled Action for Virtual Machine %d, it's in DONE state", id).At(id)
	}
	said, err := schedule.In(text, one.CodeAction)
	if err != nil {
		return -1, err
	}
	action, err := schedule.Add(tx, one.KindVM, id, v.STime, said)
	if err != nil {
		return -1, one.WithCode(one.CodeAction, err)
	}
	v.SchedActions = append(v.SchedActions, action)
	Kind.Put(tx, v)
	return action, nil
}

// UpdateSchedule serves one.vm.schedupdate.
func UpdateSchedule(tx *store.Tx, id, action int, text string) error {
	said, err := schedule.In(text, one.CodeInternal)
	if err != nil {
		return err
	}
	v, err := Kind.Get(tx, id)
	if err != nil {
		return err
	}
	if !slices.Contains(v.SchedActions, action) {
		return bad("SCHED_ACTION with id = %d doesn't exist", action)
	}
	Kind.Table.Touch(tx, store.ID(id))
	return schedule.Update(tx, action, v.STime, said)
}

// DeleteSchedule serves one.vm.scheddelete.
func DeleteSchedule(tx *store.Tx, id, action int) error {
	v, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	if v.SchedActions, err = schedule.RemoveFrom(tx, v.SchedActions, action); err != nil {
		return err
	}
	Kind.Put(tx, v)
	return nil
}

// deleteSchedule deletes the scheduled actions of a VM that gets into DONE. As in oned, the VM
// keeps their IDs.
func deleteSchedule(tx *store.Tx, v *VM) {
	for _, id := range v.SchedActions {
		schedule.Remove(tx, id)
	}
}

// withPrefix adds a prefix to the text of an error.
func withPrefix(prefix string, err error) error {
	var e *one.Error
	if errors.As(err, &e) {
		return one.Errorf(e.Code, "%s%s", prefix, e.Msg).At(e.ID)
	}
	return err
}
