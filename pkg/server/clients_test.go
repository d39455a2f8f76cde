package server_test

import (
	"strings"
	"testing"

	"github.com/renkei-vpe/renkei/pkg/config"
)

// Regressions that the test suites of OpenNebula's clients have found.

// TestInfoShowsScheduledActions: they are in the VM's document whatever its history is.
func TestInfoShowsScheduledActions(t *testing.T) {
	w := open(t, 1, func(c *config.Config) { c.Scheduler.Enabled = false })
	vm := w.must(t, "one.vm.allocate", "NAME=s\nCPU=0.1\nMEMORY=64", false)
	w.must(t, "one.vm.schedadd", vm, "SCHED_ACTION=[ACTION=poweroff,TIME=\"+100000\"]")
	info := w.until(t, "one.vm.info", vm, "<SCHED_ACTIONS><ID>")
	if !strings.Contains(info, "<SCHED_ACTION><ID>0</ID>") || !strings.Contains(info, "<ACTION>poweroff</ACTION>") {
		t.Errorf("the action is missing in the VM: %s", info)
	}
}

// TestNamesAreTheCallers: names of images and networks in a call are those of the caller's
// objects, even if the VM or virtual router belongs to somebody else.
func TestNamesAreTheCallers(t *testing.T) {
	w := open(t, 1, nil)
	uid := w.must(t, "one.user.allocate", "carl", "pw", "core", []any{1})
	router := w.must(t, "one.vrouter.allocate", "NAME=r")
	w.must(t, "one.vrouter.chown", router, uid, 1)
	w.must(t, "one.vrouter.attachnic", router, "NIC=[NETWORK=demo]")
	w.until(t, "one.vrouter.info", router, "<NETWORK_ID><![CDATA[0]]></NETWORK_ID>")

	vm := w.must(t, "one.vm.allocate", "NAME=v\nCPU=0.1\nMEMORY=64", false)
	w.until(t, "one.vm.info", vm, "<LCM_STATE>3</LCM_STATE>")
	w.must(t, "one.vm.chown", vm, uid, 1)
	w.must(t, "one.vm.attachnic", vm, "NIC=[NETWORK=demo]")
	w.until(t, "one.vm.info", vm, "<NETWORK_ID><![CDATA[0]]></NETWORK_ID>")
	w.until(t, "one.vm.info", vm, "<LCM_STATE>3</LCM_STATE>")
	w.must(t, "one.vm.attach", vm, "DISK=[IMAGE=demo]")
	w.until(t, "one.vm.info", vm, "<IMAGE_ID><![CDATA[0]]></IMAGE_ID>")
}
