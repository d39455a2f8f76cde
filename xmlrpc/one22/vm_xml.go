package one22

import (
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
	"github.com/renkei-vpe/renkei/xmlrpc/one/render"
)

func decimal(n int64) string { return strconv.FormatInt(n, 10) }

// vmForm shows a VM. Only the extended pool names its owner.
type vmForm struct{ owner, history bool }

// Escaped implements shows. What monitoring changes is rendered each time; what is expensive
// is kept.
func (f vmForm) Escaped(r store.Reader, row *store.Row[vm.VM]) []byte {
	v := row.Val
	b := render.AppendEscaped(make([]byte, 0, 1<<10), func(w *render.Writer) {
		w.Open("VM")
		w.Int("ID", int64(v.ID))
		w.Int("UID", int64(v.UID))
		if f.owner {
			w.Text("USERNAME", v.UName)
		}
		w.Text("NAME", v.Name)
		vmNumbers(w, r, v, true)
	})
	b = append(b, vmTemplate(r, row)...)
	if f.history {
		b = append(b, vmLast.Escaped(r, row)...)
	}
	return append(b, "&lt;/VM&gt;"...)
}

// vmNumbers writes the state of a VM and its latest measurements.
func vmNumbers(w *render.Writer, r store.Reader, v *vm.VM, deployID bool) {
	is := stateOf(v.State, v.LCM)
	var seen vm.Sample
	if s, ok := vm.Samples.Get(r, store.ID(v.ID)); ok {
		seen = *s
	}
	w.Int("LAST_POLL", seen.Timestamp)
	w.Int("STATE", int64(is.state))
	w.Int("LCM_STATE", int64(is.lcm))
	w.Int("STIME", v.STime)
	w.Int("ETIME", v.ETime)
	if deployID {
		w.Text("DEPLOY_ID", v.DeployID)
	}
	w.Int("MEMORY", seen.MemoryKiB)
	w.Int("CPU", int64(seen.CPUPercent))
	w.Int("NET_TX", seen.NetTxBytes)
	w.Int("NET_RX", seen.NetRxBytes)
	w.Int("LAST_SEQ", int64(len(v.History)-1))
}

// writeLast writes the last history record of a VM.
func writeLast(w *render.Writer, _ store.Reader, v *vm.VM) {
	if last := v.Last(); last != nil {
		writeHistory(w, left(v, *last))
	}
}

// left is the last history record of a VM. 2.2 ends it when the VM is saved; today it stays
// open until the VM is somewhere else.
func left(v *vm.VM, h vm.History) *vm.History {
	if v.State == one.VMSuspended && h.ETime == 0 {
		h.ETime = v.Changed
	}
	return &h
}

func writeHistory(w *render.Writer, h *vm.History) {
	w.Open("HISTORY")
	w.Int("SEQ", int64(h.Seq))
	w.Text("HOSTNAME", h.HostName)
	for _, line := range [...]struct {
		tag string
		n   int64
	}{
		{"HID", int64(h.HostID)}, {"STIME", h.STime}, {"ETIME", h.ETime}, {"PSTIME", h.PSTime}, {"PETIME", h.PETime},
		{"RSTIME", h.RSTime}, {"RETIME", h.RETime}, {"ESTIME", h.ESTime}, {"EETIME", h.EETime}, {"REASON", reasonOf(h)},
	} {
		w.Int(line.tag, line.n)
	}
	w.Close("HISTORY")
}

// reasons are why a VM left a host, in 2.2's numbers: 1 an error, 2 it was saved,
// 3 somebody wanted it elsewhere, 4 it was cancelled.
var reasons = map[one.HistoryAction]int64{
	one.ActionStop: 2, one.ActionSuspend: 2,
	one.ActionMigrate: 3, one.ActionLiveMigrate: 3, one.ActionPoweroffMigrate: 3, one.ActionPoweroffHardMigrate: 3,
	one.ActionDeleteRecreate: 3,
	one.ActionDelete:         3, one.ActionTerminateHard: 4, one.ActionRecover: 1,
}

// reasonOf returns the reason once the VM has left.
func reasonOf(h *vm.History) int64 {
	if h.ETime == 0 {
		return 0
	}
	return reasons[h.Action]
}
