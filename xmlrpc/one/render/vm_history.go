package render

import (
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

func (w *Writer) vmHistory(vmID int, history []vm.History) {
	if len(history) == 0 {
		w.Empty("HISTORY_RECORDS")
		return
	}
	w.Open("HISTORY_RECORDS")
	for i := range history {
		w.vmRecord(vmID, &history[i])
	}
	w.Close("HISTORY_RECORDS")
}

func (w *Writer) vmRecord(vmID int, h *vm.History) {
	w.vmRecordHead(vmID, h)
	w.Close("HISTORY")
}

// vmRecordHead writes a record and leaves it open.
func (w *Writer) vmRecordHead(vmID int, h *vm.History) {
	w.Open("HISTORY")
	w.Int("OID", int64(vmID))
	w.Int("SEQ", int64(h.Seq))
	w.Text("HOSTNAME", h.HostName)
	w.Int("HID", int64(h.HostID))
	w.Int("CID", int64(h.ClusterID))
	w.Int("STIME", h.STime)
	w.Int("ETIME", h.ETime)
	w.CDATA("VM_MAD", h.VMMad)
	w.CDATA("TM_MAD", h.TMMad)
	w.Int("DS_ID", int64(h.DSID))
	w.Int("PLAN_ID", int64(h.PlanID))
	w.Int("ACTION_ID", int64(h.ActionID))
	w.Int("PSTIME", h.PSTime)
	w.Int("PETIME", h.PETime)
	w.Int("RSTIME", h.RSTime)
	w.Int("RETIME", h.RETime)
	w.Int("ESTIME", h.ESTime)
	w.Int("EETIME", h.EETime)
	w.Int("ACTION", int64(h.Action))
	w.Int("UID", int64(h.UID))
	w.Int("GID", int64(h.GID))
	w.Int("REQUEST_ID", h.ReqID)
}

// Record writes a history record with the VM as it was then, for accounting.
func Record(w *Writer, r store.Reader, h *vm.History, then *vm.Account) {
	w.vmRecordHead(then.VM.ID, h)
	w.vm(r, &then.VM, then, nil, nil)
	w.Close("HISTORY")
}

// vmLastRecord writes the last history record as in the short pool.
func (w *Writer) vmLastRecord(v *vm.VM) {
	h := v.Last()
	if h == nil {
		w.Empty("HISTORY_RECORDS")
		return
	}
	w.Open("HISTORY_RECORDS")
	w.Open("HISTORY")
	w.Int("OID", int64(v.ID))
	w.Int("SEQ", int64(h.Seq))
	w.CDATA("HOSTNAME", h.HostName)
	w.Int("HID", int64(h.HostID))
	w.Int("CID", int64(h.ClusterID))
	w.Int("DS_ID", int64(h.DSID))
	w.CDATA("VM_MAD", h.VMMad)
	w.CDATA("TM_MAD", h.TMMad)
	w.cdataInt("ACTION", int64(h.Action))
	w.Close("HISTORY")
	w.Close("HISTORY_RECORDS")
}
