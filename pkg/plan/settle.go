package plan

import (
	"strings"
	"time"

	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// Settle updates the states of started actions from their VMs, and of those that have taken
// longer than timeout. When no action remains, the plan has ended, too.
func Settle(tx *store.Tx, cluster int, timeout time.Duration) {
	p := edit(tx, cluster)
	changed := false
	for i := range p.Actions {
		a := &p.Actions[i]
		if now := a.next(tx, cluster, timeout); now != a.State {
			a.State, changed = now, true
		}
	}
	if end := p.end(); end != p.State && (p.State == Applying || p.State == TimedOut) {
		p.State, changed = end, true
	}
	if changed {
		put(tx, p)
	}
}

// next is the current state of an action. One that has timed out may still end.
func (a *Action) next(tx *store.Tx, cluster int, timeout time.Duration) State {
	if a.State != Applying && a.State != TimedOut {
		return a.State
	}
	switch end := a.outcome(tx, cluster); {
	case end != Applying:
		return end
	case tx.Now.Unix() > a.Time+int64(timeout/time.Second):
		return TimedOut
	default:
		return a.State
	}
}

// outcome finds the outcome of a migration in the VM's history, or Applying.
func (a *Action) outcome(r store.Reader, cluster int) State {
	v, ok := vm.Kind.Table.Get(r, store.ID(a.VMID))
	if !ok {
		return Failed
	}
	at := a.stay(v, cluster)
	switch {
	case at < 0:
		return Failed
	case at < len(v.History)-1: // it has left again, or never arrived
		return ended(v.History[at+1].HostID == a.HostID)
	}
	return settled(v)
}

// stay finds the history record that the migration has led to.
func (a *Action) stay(v *vm.VM, cluster int) int {
	for i := range v.History {
		if rec := &v.History[i]; rec.PlanID == cluster && rec.ActionID == a.ID && rec.STime >= a.Time {
			return i
		}
	}
	return -1
}

func ended(well bool) State {
	if well {
		return Done
	}
	return Failed
}

// settled is the outcome for a VM that is on the target host.
func settled(v *vm.VM) State {
	if v.State != one.VMActive {
		return ended(v.State != one.VMDone)
	}
	switch v.LCM {
	case one.LCMMigrate, one.LCMSaveMigrate,
		one.LCMPrologMigrate, one.LCMPrologMigratePoweroff, one.LCMPrologMigrateSuspend, one.LCMPrologMigrateUnknown,
		one.LCMBootMigrate, one.LCMBoot:
		return Applying
	}
	return ended(!strings.HasSuffix(v.LCM.String(), "FAILURE"))
}

// end is the state of the plan that follows from those of its actions.
func (p *Plan) end() State {
	end := Done
	for _, a := range p.Actions {
		switch {
		case a.State == Ready || a.State == Applying:
			return p.State
		case a.State == Failed || a.State == TimedOut && end == Done:
			end = a.State
		}
	}
	return end
}
