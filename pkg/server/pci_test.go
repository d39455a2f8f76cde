package server_test

import (
	"testing"

	"github.com/renkei-vpe/renkei/pkg/config"
)

// TestPlacementFindsDevices: VMs are placed on hosts with a free PCI device as requested;
// without one, they wait until one is released.
func TestPlacementFindsDevices(t *testing.T) {
	w := open(t, 2, func(c *config.Config) {
		c.Dummy.PCI, c.Scheduler.Policy = []string{"10de:0863:0302"}, "pack"
	})
	w.until(t, "one.host.info", 1, "<PCI><ADDRESS>")
	want := func(pci string) int {
		return w.must(t, "one.vm.allocate", "CPU=0.1\nMEMORY=64\nPCI=["+pci+"]", false)
	}
	first, second := want(`VENDOR="10de"`), want(`SHORT_ADDRESS="01:00.0"`)
	for _, id := range []int{first, second} {
		w.until(t, "one.vm.info", id, "<LCM_STATE>3</LCM_STATE>")
		w.until(t, "one.vm.info", id, "<ADDRESS><![CDATA[0000:01:00:0]]></ADDRESS>")
	}
	for id := range 2 {
		w.until(t, "one.host.info", id, "<RUNNING_VMS>1</RUNNING_VMS>")
	}
	third := want(`DEVICE="0863",CLASS="0302"`)
	w.until(t, "one.vm.info", third, "no free PCI device")
	w.refusedWith(t, "[one.vm.deploy] virtual machine [2] does not fit in host [0]. Unavailable PCI device.", "one.vm.deploy", third, 0, true, -1, "")
	w.must(t, "one.vm.action", "terminate-hard", second)
	w.until(t, "one.vm.info", third, "<LCM_STATE>3</LCM_STATE>")
}
