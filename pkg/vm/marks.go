package vm

import (
	"github.com/renkei-vpe/renkei/pkg/lifecycle"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// mark does the bookkeeping of a step. v already has its new status. Quotas, leases and the like
// are not part of it: put computes these.
func mark(tx *store.Tx, s Settings, v *VM, from lifecycle.Status, step lifecycle.Step, why Cause) error {
	m := step.Marks
	now := tx.Now.Unix()
	if err := markRecords(tx, v, m, why, now); err != nil {
		return err
	}
	markTimes(v, m, now)
	markFlags(s, v, m)
	releasePort(v)
	if err := markChange(tx, v, from, m); err != nil {
		return err
	}
	if m.Has(lifecycle.ReleaseAll) {
		deleteSchedule(tx, v)
		v.ETime = now
	}
	if m.Has(lifecycle.LeftBehind) {
		setError(tx, v, "the files of the VM may still be on its hosts: a cleanup did not succeed")
	}
	return nil
}

// markTimes sets the times of the newest record's phases.
func markTimes(v *VM, m lifecycle.Marks, now int64) {
	rec := v.Last()
	if rec == nil {
		return
	}
	stamp := func(mark lifecycle.Marks, field *int64, value int64) {
		if m.Has(mark) {
			*field = value
		}
	}
	stamp(lifecycle.PrologStart, &rec.PSTime, now)
	stamp(lifecycle.PrologEnd, &rec.PETime, now)
	stamp(lifecycle.RunStart, &rec.RSTime, now)
	stamp(lifecycle.RunStart, &rec.RETime, 0)
	stamp(lifecycle.RunOn, &rec.RETime, 0)
	stamp(lifecycle.RunEnd, &rec.RETime, now)
	stamp(lifecycle.EpilogStart, &rec.ESTime, now)
	stamp(lifecycle.EpilogEnd, &rec.EETime, now)
}

// markFlags sets and clears attributes that depend on the step.
func markFlags(s Settings, v *VM, m lifecycle.Marks) {
	switch {
	case m.Has(lifecycle.SetResched):
		v.Resched = 1
	case m.Has(lifecycle.ClearResched):
		v.Resched = 0
	}
	if m.Has(lifecycle.ClearSnapshots) && !s.driver(v).KeepSnapshots {
		v.Template.Del("SNAPSHOT")
	}
	if m&(lifecycle.RunEnd|lifecycle.CloseRecord) != 0 && v.ExecStatus() == executing {
		setExecStatus(v, execCancelled)
	}
	if m.Has(lifecycle.ClearDiskSnapshots) {
		clearDiskSnapshots(v)
	}
	if m.Has(lifecycle.ForgetDeployID) {
		v.DeployID = ""
	}
	if rec := v.Last(); rec != nil && m.Has(lifecycle.ClearAction) {
		rec.Action, rec.UID, rec.GID, rec.ReqID = 0, -1, -1, -1
	}
}
