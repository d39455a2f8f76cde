package vm

import (
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/lifecycle"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Values of PLAN_ID for records without a plan: the host was chosen by a caller, or by the
// scheduler.
const (
	planNone      = -2
	planPlacement = -1
)

// markRecords opens and closes history records according to the marks of a step.
func markRecords(tx *store.Tx, v *VM, m lifecycle.Marks, why Cause, now int64) error {
	if m.Has(lifecycle.RevertRecord) {
		return revertRecord(v, now)
	}
	if m.Has(lifecycle.OpenRecord) {
		if err := openRecord(tx, v, why, now); err != nil {
			return err
		}
	}
	if m.Has(lifecycle.RenewRecord) {
		renewRecord(v, why.was, now)
	}
	if m.Has(lifecycle.CloseOldRecord) && len(v.History) > 1 {
		endPhases(&v.History[len(v.History)-2], now)
	}
	if m.Has(lifecycle.CloseRecord) && len(v.History) > 0 {
		closeRecord(v, now)
	}
	return nil
}

// closeRecord closes the newest record. Like oned it leaves prolog and epilog open if the VM is
// deleted while one of them is running (recover --delete-db).
func closeRecord(v *VM, now int64) {
	rec := v.Last()
	if v.State == one.VMDone {
		endPhase(&rec.RSTime, &rec.RETime, now)
		endRecord(rec, now)
		return
	}
	endPhases(rec, now)
}

// openRecord opens a record on the chosen host.
func openRecord(tx *store.Tx, v *VM, why Cause, now int64) error {
	to := why.To
	if to == nil {
		return one.Errorf(one.CodeInternal, "VM %d: no host was chosen", v.ID)
	}
	h, err := host.Kind.Get(tx, to.HostID)
	if err != nil {
		return err
	}
	ds, err := datastore.Kind.Get(tx, to.DSID)
	if err != nil {
		return err
	}
	plan := why.plan()
	v.History = append(v.History, History{
		Seq: nextSeq(v), HostID: h.ID, HostName: h.Name, ClusterID: h.ClusterID,
		DSID: ds.ID, VMMad: h.VMMad, TMMad: ds.TMMad,
		PlanID: plan.Plan, ActionID: plan.Action, STime: now, UID: -1, GID: -1, ReqID: -1,
	})
	return nil
}

// plan returns PLAN_ID and ACTION_ID for a new record.
func (c Cause) plan() Planned {
	switch {
	case c.Plan != nil:
		return *c.Plan
	case c.By != nil:
		return Planned{Plan: planNone, Action: -1}
	}
	return Planned{Plan: planPlacement, Action: -1}
}

// renewRecord closes the newest record and opens a copy on the same host. The copy is running if
// the VM was; otherwise its RSTIME and RETIME are both now, as in oned
// (DispatchManager::close_cp_history). Its ACTION is was, the action of the old
// record before the current event, such as poweroff for a VM in POWEROFF.
func renewRecord(v *VM, was one.HistoryAction, now int64) {
	old := v.Last()
	if old == nil {
		return
	}
	next := nextRecord(old, now)
	if old.RSTime != 0 && old.RETime == 0 {
		old.RETime, next.RSTime = now, now
	} else {
		next.RSTime, next.RETime = now, now
	}
	old.ETime = now
	next.Action = was
	next.Seq = nextSeq(v)
	v.History = append(v.History, next)
}

// revertRecord undoes a migration: it opens a new record on the previous host.
func revertRecord(v *VM, now int64) error {
	n := len(v.History)
	if n < 2 {
		return one.Errorf(one.CodeInternal, "VM %d: there is no host to go back to", v.ID)
	}
	old := &v.History[n-2]
	endPhases(v.Last(), now)
	endPhases(old, now)
	next := nextRecord(old, now)
	next.Seq = nextSeq(v)
	v.History = append(v.History, next)
	return nil
}

// endPhases closes a record and its open phases (prolog, running, epilog).
func endPhases(rec *History, now int64) {
	for _, phase := range [...]struct{ start, end *int64 }{
		{&rec.PSTime, &rec.PETime}, {&rec.RSTime, &rec.RETime}, {&rec.ESTime, &rec.EETime},
	} {
		endPhase(phase.start, phase.end, now)
	}
	endRecord(rec, now)
}

func endPhase(start, end *int64, now int64) {
	if *start != 0 && *end == 0 {
		*end = now
	}
}

func endRecord(rec *History, now int64) {
	if rec.ETime == 0 {
		rec.ETime = now
	}
}

// nextRecord returns a new record on the same host and datastore.
func nextRecord(old *History, now int64) History {
	return History{
		HostID: old.HostID, HostName: old.HostName, ClusterID: old.ClusterID,
		DSID: old.DSID, VMMad: old.VMMad, TMMad: old.TMMad,
		PlanID: old.PlanID, ActionID: old.ActionID, STime: now, UID: -1, GID: -1, ReqID: -1,
	}
}

func nextSeq(v *VM) int {
	if rec := v.Last(); rec != nil {
		return rec.Seq + 1
	}
	return 0
}
