package backupjob

import (
	"errors"
	"slices"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/schedule"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// addAction creates a scheduled action of a job.
func addAction(tx *store.Tx, id int, said *attr.Attr) (int, error) {
	action, err := schedule.Add(tx, one.KindBackupJob, id, 0, said)
	if err != nil {
		return -1, err
	}
	j, err := Kind.Edit(tx, id)
	if err != nil {
		return -1, err
	}
	j.SchedActions = append(j.SchedActions, action)
	Kind.Put(tx, j)
	return action, nil
}

func dropActions(tx *store.Tx, j *Job) {
	for _, id := range j.SchedActions {
		schedule.Remove(tx, id)
	}
}

// AddSchedule serves one.backupjob.schedadd.
func AddSchedule(tx *store.Tx, id int, text string) (int, error) {
	said, err := schedule.In(text, one.CodeAction)
	if err != nil {
		return -1, err
	}
	action, err := addAction(tx, id, said)
	var e *one.Error
	if errors.As(err, &e) && e.Code == one.CodeInternal { // the action is invalid
		return -1, one.WithCode(one.CodeAction, err)
	}
	return action, err
}

// UpdateSchedule serves one.backupjob.schedupdate.
func UpdateSchedule(tx *store.Tx, id, action int, text string) error {
	said, err := schedule.In(text, one.CodeInternal)
	if err != nil {
		return err
	}
	j, err := Kind.Get(tx, id)
	if err != nil {
		return err
	}
	if !slices.Contains(j.SchedActions, action) {
		return one.Errorf(one.CodeInternal, "SCHED_ACTION with id = %d doesn't exist", action)
	}
	Kind.Table.Touch(tx, store.ID(id))
	return schedule.Update(tx, action, 0, said)
}

// DeleteSchedule serves one.backupjob.scheddelete.
func DeleteSchedule(tx *store.Tx, id, action int) error {
	j, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	if j.SchedActions, err = schedule.RemoveFrom(tx, j.SchedActions, action); err != nil {
		return err
	}
	Kind.Put(tx, j)
	return nil
}
