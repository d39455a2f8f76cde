package render

import (
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// VM writes a VM with its whole history and its scheduled actions in full, as
// one.vm.info answers it.
func VM(w *Writer, r store.Reader, v *vm.VM) { w.vm(r, v, nil, v.History, v.SchedActions) }

// VMLast writes a VM with the last record of its history, as
// one.vmpool.infoextended lists it.
func VMLast(w *Writer, r store.Reader, v *vm.VM) {
	w.vm(r, v, nil, v.History[max(len(v.History)-1, 0):], nil)
}

func (w *Writer) vm(r store.Reader, v *vm.VM, then *vm.Account, history []vm.History, planned []int) {
	sample, _ := vm.Samples.Get(r, store.ID(v.ID))
	w.Open("VM")
	w.owned(&v.Meta)
	w.permissions(v.Perms)
	w.vmStates(v, then, sample)
	w.lock(v.Lock)
	w.Open("MONITORING")
	if sample != nil {
		w.vmSample(sample, true)
	}
	w.Close("MONITORING")
	w.IDs("SCHED_ACTIONS", v.SchedActions)
	w.templateWith(v.Template, r, planned)
	w.Template("USER_TEMPLATE", v.User)
	w.vmHistory(v.ID, history)
	for i := range v.Snapshots {
		w.vmSnapshots(&v.Snapshots[i])
	}
	w.vmBackups(&v.Backups)
	w.Close("VM")
}

// vmStates writes the state and the previous state. The previous state is only known in
// accounting records; otherwise it is the same.
func (w *Writer) vmStates(v *vm.VM, then *vm.Account, sample *vm.Sample) {
	before, beforeLCM := v.State, v.LCM
	if then != nil && then.PrevState != one.VMInit {
		before, beforeLCM = then.PrevState, then.PrevLCM
	}
	lastPoll := int64(0)
	if sample != nil {
		lastPoll = sample.Timestamp
	}
	w.Int("LAST_POLL", lastPoll)
	w.Int("STATE", int64(v.State))
	w.Int("LCM_STATE", int64(v.LCM))
	w.Int("PREV_STATE", int64(before))
	w.Int("PREV_LCM_STATE", int64(beforeLCM))
	w.Int("RESCHED", int64(v.Resched))
	w.Int("STIME", v.STime)
	w.Int("ETIME", v.ETime)
	w.Text("DEPLOY_ID", v.DeployID)
}

func (w *Writer) vmBackups(b *vm.Backups) {
	w.Open("BACKUPS")
	if b.Config.Empty() {
		w.Empty("BACKUP_CONFIG")
	} else {
		w.Template("BACKUP_CONFIG", b.Config)
	}
	w.IDs("BACKUP_IDS", b.IDs)
	w.Close("BACKUPS")
}
