package server_test

import (
	"strings"
	"testing"
	"time"

	"github.com/renkei-vpe/renkei/pkg/config"
)

// TestPlansSpreadAndGather: a plan is made, shown and executed by an administrator; for a
// cluster with automatic DRS it is executed at once.
func TestPlansSpreadAndGather(t *testing.T) {
	w := open(t, 3, func(c *config.Config) {
		c.Scheduler.Policy, c.Scheduler.PlanEvery = "pack", 100*time.Millisecond
	})
	for range 3 {
		id := w.must(t, "one.vm.allocate", "CPU=1\nMEMORY=64", false)
		w.until(t, "one.vm.info", id, "<LCM_STATE>3</LCM_STATE>")
	}
	w.until(t, "one.host.info", 0, "<VMS><ID>0</ID><ID>1</ID><ID>2</ID></VMS>")
	refused := func(method string, args []any, want string) {
		t.Helper()
		if _, err := w.Call(t.Context(), method, args...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", method, err, want)
		}
	}
	refused("one.cluster.planexecute", []any{0}, "[one.cluster.planexecute] Plan is not ready")
	refused("one.cluster.plandelete", []any{0}, "[one.cluster.plandelete] Plan for cluster 0 does not exist")
	refused("one.cluster.optimize", []any{77}, "[one.cluster.optimize] Error getting cluster [77].")
	refused("one.cluster.update", []any{0, "ONE_DRS=[POLICY=best,AUTOMATION=full]", 1},
		"[one.cluster.update] Cannot update template. Error cluster template contains invalid POLICY")

	w.must(t, "one.cluster.update", 0, "ONE_DRS=[POLICY=Balance,AUTOMATION=manual,CPU_WEIGHT=1]", 1)
	w.must(t, "one.cluster.optimize", 0)
	w.until(t, "one.cluster.info", 0, "<PLAN><ID>0</ID><STATE>0</STATE><ACTION><ID>0</ID><VM_ID>0</VM_ID><STATE>0</STATE>"+
		"<OPERATION>migrate</OPERATION><HOST_ID>1</HOST_ID><DS_ID>0</DS_ID><TIMESTAMP>0</TIMESTAMP></ACTION>")
	w.must(t, "one.cluster.plandelete", 0)
	refused("one.cluster.planexecute", []any{0}, "Plan is not ready")
	w.must(t, "one.cluster.optimize", 0)
	w.until(t, "one.cluster.info", 0, "<PLAN><ID>0</ID><STATE>0</STATE>")
	w.must(t, "one.cluster.planexecute", 0)
	w.until(t, "one.cluster.info", 0, "<PLAN><ID>0</ID><STATE>2</STATE>")
	refused("one.cluster.planexecute", []any{0}, "Plan is already done")
	w.until(t, "one.host.info", 1, "<RUNNING_VMS>1</RUNNING_VMS>")
	w.until(t, "one.host.info", 2, "<RUNNING_VMS>1</RUNNING_VMS>")
	w.until(t, "one.vm.info", 0, "<PLAN_ID>0</PLAN_ID><ACTION_ID>0</ACTION_ID>")

	w.must(t, "one.cluster.update", 0, "ONE_DRS=[POLICY=pack,AUTOMATION=full]", 1)
	w.until(t, "one.host.info", 2, "<RUNNING_VMS>3</RUNNING_VMS>")
}
