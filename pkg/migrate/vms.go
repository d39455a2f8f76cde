package migrate

import (
	"fmt"
	"slices"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/sqlite"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// 2.2's states of VMs that are done or failed; of the latter, only files are left that are not
// used any more.
const (
	doneVM   = 6
	failedVM = 7
)

// vms imports the VMs that are done, with their history records. Others cannot be imported:
// their files and domains are where 2.2's drivers put them.
func (r *reader) vms() (n int, err error) {
	rows, err := r.db.Rows("vm_pool")
	if err != nil {
		return 0, err
	}
	records, err := r.history()
	if err != nil {
		return 0, err
	}
	for _, row := range rows {
		what := fmt.Sprintf("VM %d %s", row.Int("oid"), row.Text("name"))
		switch row.Int("state") {
		case doneVM:
		case failedVM:
			r.note("%s failed: it will be known as one that is over", what)
		default:
			r.skip(row.Int("oid"), what)
			continue
		}
		r.past[row.Int("oid")] = true
		legacy, err := parseTemplate(row, what)
		if err != nil {
			return 0, err
		}
		o := r.ownerOf(row.Int("uid"), what)
		r.addStep(func(tx *store.Tx) error { return addVM(tx, row, o, legacy, records[row.Int("oid")]) })
		n++
	}
	return n, nil
}

// skip notes that a VM that is not done is not imported.
func (r *reader) skip(id int64, what string) {
	if !r.LeaveRunning {
		r.block("%s is not over: end it first, or leave such VMs out", what)
		return
	}
	r.note("%s is not over and will not be known: it goes on where it is, until you end it there", what)
	r.skipped[id] = true
}

// history reads the history records of VMs, in order.
func (r *reader) history() (map[int64][]vm.History, error) {
	rows, err := r.db.Rows("history")
	if err != nil {
		return nil, err
	}
	of := map[int64][]vm.History{}
	for _, row := range rows {
		of[row.Int("vid")] = append(of[row.Int("vid")], r.historyRecord(row))
	}
	for _, list := range of {
		slices.SortFunc(list, func(a, b vm.History) int { return a.Seq - b.Seq })
	}
	return of, nil
}

// reasons are 2.2's numbers for why a VM left its host.
var reasons = map[int64]one.HistoryAction{2: one.ActionStop, 3: one.ActionMigrate, 4: one.ActionTerminateHard}

func (r *reader) historyRecord(row sqlite.Row) vm.History {
	mad := r.Hypervisor(row.Text("vm_mad"))
	return vm.History{
		Seq: int(row.Int("seq")), HostID: int(row.Int("hid")), HostName: row.Text("host_name"), ClusterID: r.hosts[row.Int("hid")],
		VMMad: mad, TMMad: row.Text("tm_mad"), PlanID: -1, ActionID: -1,
		STime: row.Int("stime"), ETime: row.Int("etime"), PSTime: row.Int("pstime"), PETime: row.Int("petime"),
		RSTime: row.Int("rstime"), RETime: row.Int("retime"), ESTime: row.Int("estime"), EETime: row.Int("eetime"),
		Action: reasons[row.Int("reason")], UID: -1, GID: -1, ReqID: -1,
	}
}

// ofTemplate are the attributes that belong into TEMPLATE; the rest goes to USER_TEMPLATE.
var ofTemplate = []string{
	"CONTEXT", "CPU", "DISK", "FEATURES", "GRAPHICS", "INPUT", "MEMORY", "NIC", "OS", "RAW", "VCPU", "VMID",
}

func addVM(tx *store.Tx, row sqlite.Row, o owner, legacy attr.Template, records []vm.History) error {
	id := int(row.Int("oid"))
	v := &vm.VM{
		Meta:  head(tx, o, id, row.Text("name"), false, legacy),
		State: one.VMDone, STime: row.Int("stime"), ETime: row.Int("etime"), DeployID: row.Text("deploy_id"), History: records,
	}
	for _, a := range legacy {
		switch {
		case slices.Contains(ofTemplate, a.Name):
			v.Template.Add(a.Clone())
		case a.Name != "NAME":
			v.User.Add(a.Clone())
		}
	}
	tx.Skip(vm.Kind.Table.Name(), id)
	vm.Kind.Put(tx, v)
	return nil
}
