package vm

import (
	"errors"
	"slices"

	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/schedule"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// takeSchedule plans the SCHED_ACTIONs of a new VM's template.
func takeSchedule(tx *store.Tx, _ Settings, v *VM) error {
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

// AddSchedule serves one.vm.schedadd and answers the action's ID.
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

// dropSchedule forgets what was planned for a VM that has come to its end. Like
// oned the VM keeps the IDs.
func dropSchedule(tx *store.Tx, v *VM) {
	for _, id := range v.SchedActions {
		schedule.Remove(tx, id)
	}
}

// withPrefix is a refusal with more before its text.
func withPrefix(prefix string, err error) error {
	var e *one.Error
	if errors.As(err, &e) {
		return one.Errorf(e.Code, "%s%s", prefix, e.Msg).At(e.ID)
	}
	return err
}
