package server_test

import (
	"testing"

	"github.com/renkei-vpe/renkei/pkg/config"
)

// TestPlacementFindsCPUs: VMs with pinning are placed on hosts with PIN_POLICY=PINNED that have
// free CPUs, and other VMs are not.
func TestPlacementFindsCPUs(t *testing.T) {
	w := open(t, 2, func(c *config.Config) {
		c.Dummy.NUMA, c.Scheduler.Policy = config.DummyNUMA{Nodes: 2, Cores: 2, Threads: 2}, "pack"
	})
	w.until(t, "one.host.info", 1, "<CORE><CPUS><![CDATA[0:-1,4:-1]]></CPUS><DEDICATED><![CDATA[NO]]></DEDICATED><FREE><![CDATA[2]]></FREE>")
	w.until(t, "one.host.info", 1, "<NUMA_NODE><HUGEPAGE><FREE><![CDATA[1024]]></FREE><SIZE><![CDATA[2048]]></SIZE></HUGEPAGE>"+
		"<MEMORY><FREE><![CDATA[7864320]]></FREE><USED><![CDATA[524288]]></USED></MEMORY><NODE_ID><![CDATA[1]]></NODE_ID></NUMA_NODE></MONITORING>")
	w.must(t, "one.host.update", 1, "PIN_POLICY=PINNED\nISOLCPUS=\"0,4\"", 1)
	w.until(t, "one.host.info", 1, "<CPUS><![CDATA[0:-2,4:-2]]></CPUS>")
	create := func(what string) int {
		return w.must(t, "one.vm.allocate", "CPU=0.1\nVCPU=2\nMEMORY=64\n"+what, false)
	}
	pinned, loose := create("TOPOLOGY=[PIN_POLICY=CORE]"), create("")
	for _, id := range []int{pinned, loose} {
		w.until(t, "one.vm.info", id, "<LCM_STATE>3</LCM_STATE>")
	}
	for id := range 2 {
		w.until(t, "one.host.info", id, "<RUNNING_VMS>1</RUNNING_VMS>")
	}
	w.until(t, "one.vm.info", pinned, "<CPUS><![CDATA[2,3]]></CPUS>")
	w.until(t, "one.host.info", 1, "<CPUS><![CDATA[2:0,6:-1]]></CPUS><DEDICATED><![CDATA[YES]]></DEDICATED>")
	third := create("TOPOLOGY=[PIN_POLICY=CORE]")
	w.until(t, "one.vm.info", third, "its NUMA nodes lack 2 free CPUs")
	w.refusedWith(t, "[one.vm.deploy] virtual machine [2] does not fit in host [1]. Cannot allocate NUMA topology", "one.vm.deploy", third, 1, true, -1, "")
	w.refusedWith(t, "[one.vm.allocate] Error allocating a new virtual machine. NUMA node affinity cannot be set for pinned VMs",
		"one.vm.allocate", "CPU=1\nMEMORY=64\nTOPOLOGY=[PIN_POLICY=CORE,NODE_AFFINITY=0]", false)
	w.must(t, "one.vm.action", "terminate-hard", pinned)
	w.until(t, "one.vm.info", third, "<LCM_STATE>3</LCM_STATE>")
}
