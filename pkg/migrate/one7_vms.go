package migrate

import (
	"fmt"
	"slices"

	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// vms imports the VMs that are done, with their history records.
func (r *reader7) vms() (int, error) {
	records, err := r.history()
	if err != nil {
		return 0, err
	}
	return r.rows("vm_pool", func(e *element) bool { return r.vm(e, records) })()
}

func (r *reader7) vm(e *element, records map[int][]vm.History) bool {
	v := &vm.VM{
		Meta: meta(e), State: one.VMState(e.int("STATE")), STime: e.num("STIME"), ETime: e.num("ETIME"), DeployID: e.str("DEPLOY_ID"),
		User: e.at("USER_TEMPLATE").template(), History: records[e.int("ID")],
	}
	if v.State != one.VMDone {
		r.skip(v)
		return false
	}
	return keep(r.Plan, vm.Kind, v)
}

// skip notes that a VM that is not done is not imported.
func (r *reader7) skip(v *vm.VM) {
	what := fmt.Sprintf("VM %d %s", v.ID, v.Name)
	if !r.LeaveRunning {
		r.block("%s is not over: end it first, or leave such VMs out", what)
		return
	}
	r.note("%s is not over and will not be known: it goes on where it is, until you end it there", what)
	r.skipped[v.ID] = true
}

// history reads the history records of VMs, in order.
func (r *reader7) history() (map[int][]vm.History, error) {
	of := map[int][]vm.History{}
	_, err := r.rows("history", func(e *element) bool {
		of[e.int("OID")] = append(of[e.int("OID")], vm.History{
			Seq: e.int("SEQ"), HostID: e.int("HID"), HostName: e.str("HOSTNAME"), ClusterID: e.int("CID"), DSID: e.int("DS_ID"),
			VMMad: e.str("VM_MAD"), TMMad: e.str("TM_MAD"), PlanID: e.or("PLAN_ID", -1), ActionID: e.or("ACTION_ID", -1),
			STime: e.num("STIME"), ETime: e.num("ETIME"), PSTime: e.num("PSTIME"), PETime: e.num("PETIME"),
			RSTime: e.num("RSTIME"), RETime: e.num("RETIME"), ESTime: e.num("ESTIME"), EETime: e.num("EETIME"),
			Action: one.HistoryAction(e.int("ACTION")), UID: e.or("UID", -1), GID: e.or("GID", -1), ReqID: e.num("REQUEST_ID"),
		})
		return true
	})()
	for _, list := range of {
		slices.SortFunc(list, func(a, b vm.History) int { return a.Seq - b.Seq })
	}
	return of, err
}
