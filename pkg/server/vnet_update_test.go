package server_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/renkei-vpe/renkei/pkg/config"
)

// TestVNetUpdateFailure changes a network whose driver cannot take the change in
// to a host: the VM that runs is told of, the one that does not has it already,
// and a retry ends it all.
func TestVNetUpdateFailure(t *testing.T) {
	actions := t.TempDir()
	w := open(t, 1, func(c *config.Config) { c.Dummy.Actions = actions })
	net := w.must(t, "one.vn.allocate", "NAME=n\nVN_MAD=dummy\nBRIDGE=br0\nMTU=1500\nAR=[TYPE=IP4,IP=10.0.0.1,SIZE=9]", -1)
	template := fmt.Sprintf("CPU=0.1\nMEMORY=64\nDISK=[IMAGE=demo]\nNIC=[NETWORK_ID=%d]", net)
	runs, off := w.must(t, "one.vm.allocate", template, false), w.must(t, "one.vm.allocate", template, true)
	w.until(t, "one.vm.info", runs, "<LCM_STATE>3</LCM_STATE>")
	list := func(name string, vms ...int) string {
		var ids strings.Builder
		for _, vm := range vms {
			fmt.Fprintf(&ids, "<ID>%d</ID>", vm)
		}
		return "<" + name + ">" + ids.String() + "</" + name + ">"
	}
	told := filepath.Join(actions, "net_post")
	if err := os.WriteFile(told, []byte("failure"), 0o600); err != nil {
		t.Fatal(err)
	}
	w.must(t, "one.vn.update", net, "MTU=9000", 1)
	doc := w.until(t, "one.vn.info", net, "<STATE><![CDATA[6]]></STATE>")
	want := list("UPDATED_VMS", off) + list("OUTDATED_VMS") + list("UPDATING_VMS") + list("ERROR_VMS", runs)
	if !strings.Contains(doc, want) {
		t.Errorf("the lists are not %s:\n%s", want, doc)
	}
	w.until(t, "one.vm.info", runs, "UPDATENIC: ")
	w.until(t, "one.vm.info", runs, "<LCM_STATE>3</LCM_STATE>")
	w.until(t, "one.vm.info", off, "<MTU><![CDATA[9000]]></MTU>")
	w.refusedWith(t, fmt.Sprintf("Could not perform 'recover delete' on VN %d, wrong state .", net), "one.vn.recover", net, 2)

	if err := os.Remove(told); err != nil {
		t.Fatal(err)
	}
	w.must(t, "one.vn.recover", net, 3)
	doc = w.until(t, "one.vn.info", net, list("UPDATED_VMS", runs, off))
	if !strings.Contains(doc, "<STATE><![CDATA[1]]></STATE>") {
		t.Errorf("all VMs are up to date, and yet: %s", doc)
	}
	w.until(t, "one.vm.info", runs, "<LCM_STATE>3</LCM_STATE>")
	w.refusedWith(t, fmt.Sprintf("Could not perform 'recover retry' on VN %d, wrong state READY.", net), "one.vn.recover", net, 3)
}
