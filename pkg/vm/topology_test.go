package vm

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/pkg/store"
)

// TestCheckTopology compares with the results of oned 7.4.
func TestCheckTopology(t *testing.T) {
	t.Parallel()
	const node = "\nNUMA_NODE=[TOTAL_CPUS=%,MEMORY=#]"
	nodes := func(list ...string) (text string) {
		for i := 0; i < len(list); i += 2 {
			text += strings.NewReplacer("%", list[i], "#", list[i+1]).Replace(node)
		}
		return text
	}
	for name, c := range map[string]struct{ in, want string }{
		"none":       {"VCPU=2\nMEMORY=64", "VCPU=2\nMEMORY=64"},
		"default":    {"VCPU=2\nMEMORY=64\nTOPOLOGY=[X=1]", "VCPU=2\nMEMORY=64\nTOPOLOGY=[X=1,SOCKETS=1,CORES=2,THREADS=1,PIN_POLICY=NONE]"},
		"one CPU":    {"CPU=0.5\nMEMORY=64\nTOPOLOGY=[PIN_POLICY=core]", "CPU=1\nVCPU=1\nMEMORY=64\nTOPOLOGY=[SOCKETS=1,PIN_POLICY=core]" + nodes("1", "65536")},
		"sockets":    {"VCPU=4\nMEMORY=64\nTOPOLOGY=[PIN_POLICY=THREAD,SOCKETS=2,CORES=1]", "CPU=4\nVCPU=4\nMEMORY=64\nTOPOLOGY=[SOCKETS=2,CORES=1,THREADS=2,PIN_POLICY=THREAD]" + nodes("2", "32768", "2", "32768")},
		"affinity":   {"VCPU=2\nMEMORY=64\nTOPOLOGY=[NODE_AFFINITY=1]", "VCPU=2\nMEMORY=64\nTOPOLOGY=[SOCKETS=1,CORES=2,THREADS=1,PIN_POLICY=NONE,NODE_AFFINITY=1]" + nodes("2", "65536")},
		"hugepages":  {"VCPU=2\nMEMORY=64\nTOPOLOGY=[HUGEPAGE_SIZE=2,NODE_AFFINITY=x]", "VCPU=2\nMEMORY=64\nTOPOLOGY=[SOCKETS=1,CORES=2,THREADS=1,PIN_POLICY=NONE,HUGEPAGE_SIZE=2]" + nodes("2", "65536")},
		"described":  {"MEMORY=64\nVCPU=3\nTOPOLOGY=[PIN_POLICY=SHARED]" + nodes("1", "16", "2", "48"), "CPU=3\nVCPU=3\nMEMORY=64\nTOPOLOGY=[SOCKETS=2,PIN_POLICY=SHARED]" + nodes("1", "16384", "2", "49152")},
		"distances":  {"MEMORY=64\nTOPOLOGY=[PIN_POLICY=CORE]\nNUMA_NODE=[TOTAL_CPUS=1,MEMORY=64,DISTANCE=\"0-1:12,3:4\"]", "CPU=1\nVCPU=1\nMEMORY=64\nTOPOLOGY=[SOCKETS=1,PIN_POLICY=CORE]\nNUMA_NODE=[TOTAL_CPUS=1,MEMORY=65536,DISTANCE=\"0-1:12,3:4\"]"},
		"only nodes": {"VCPU=1\nMEMORY=64" + nodes("1", "64"), "VCPU=1\nMEMORY=64\nTOPOLOGY=[SOCKETS=1,CORES=1,THREADS=1,PIN_POLICY=NONE]"},
	} {
		got, want := template(c.in), template(c.want)
		if err := CheckTopology(&got); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(want.Text(), got.Text()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestCheckTopologyRefuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"TOPOLOGY=[PIN_POLICY=CORE,NODE_AFFINITY=0]":                                    "NUMA node affinity cannot be set for pinned VMs",
		"VCPU_MAX=8\nTOPOLOGY=[PIN_POLICY=CORE]":                                        "VM with TOPOLOGY does not support CPU hotplug (VCPU_MAX)",
		"TOPOLOGY=[SOCKETS=1]":                                                          "Non-pinned VMs with a virtual topology needs to set  SOCKETS, CORES and THREADS numbers.",
		"TOPOLOGY=[SOCKETS=1,CORES=1,THREADS=1]":                                        "Total threads per core and socket needs to match VCPU",
		"TOPOLOGY=[PIN_POLICY=CORE,CORES=3,THREADS=1]":                                  "Total threads per core and socket needs to match VCPU",
		"TOPOLOGY=[PIN_POLICY=CORE,CORES=4]":                                            "VCPU is not multiple of the total number of cores",
		"TOPOLOGY=[PIN_POLICY=CORE,CORES=2]":                                            "Computed number of threads is not power of 2",
		"TOPOLOGY=[PIN_POLICY=CORE,SOCKETS=4]":                                          "VCPU is not multiple of the number of NUMA nodes",
		"MEMORY=63\nTOPOLOGY=[PIN_POLICY=CORE,SOCKETS=2]":                               "MEMORY is not multiple of the number of NUMA nodes",
		"TOPOLOGY=[PIN_POLICY=CORE]\nNUMA_NODE=[TOTAL_CPUS=6]":                          "NUMA_NODE capacity cannot be MEMORY or CPU only",
		"TOPOLOGY=[PIN_POLICY=CORE]\nNUMA_NODE=[TOTAL_CPUS=6,MEMORY=64,DISTANCE=\"x\"]": "A NUMA_NODE includes a syntax error for DISTANCE attribute",
		"TOPOLOGY=[PIN_POLICY=CORE]\nNUMA_NODE=[TOTAL_CPUS=5,MEMORY=64]":                "Total CPUS of NUMA nodes is different from VM VCPU",
		"TOPOLOGY=[PIN_POLICY=CORE]\nNUMA_NODE=[TOTAL_CPUS=6,MEMORY=65]":                "Total MEMORY of NUMA nodes is different from VM MEMORY",
	} {
		in := template("CPU=1\nVCPU=6")
		in.Set("MEMORY", "64")
		in.Merge(template(text))
		if err := CheckTopology(&in); err == nil || err.Error() != want {
			t.Errorf("%s: %v; want %s", text, err, want)
		}
	}
	w := newWorld(t)
	err := w.update(func(tx *store.Tx) error {
		_, err := Allocate(tx, w.s, alice, template("CPU=1\nTOPOLOGY=[X=1]"), false)
		return err
	})
	if want := "Error allocating a new virtual machine. VM has not MEMORY set"; err == nil || err.Error() != want {
		t.Errorf("got %v; want %s", err, want)
	}
}

// A resize changes CORES and the NUMA nodes. A VCPU that cannot be divided by the threads is
// refused.
func TestResizeChangesTheTopology(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.allocate("CPU=1\nVCPU=2\nMEMORY=64\nTOPOLOGY=[NODE_AFFINITY=0,SOCKETS=1,CORES=1,THREADS=2]", true)
	resize := func(text string) error {
		return w.update(func(tx *store.Tx) error { return Resize(tx, w.s, oneadmin, id, template(text), false) })
	}
	if err := resize("VCPU=3"); err == nil || err.Error() != "new VCPU is not multiple of the total number of threads" {
		t.Errorf("three CPUs of two threads: %v", err)
	}
	if err := resize("VCPU=6\nMEMORY=128"); err != nil {
		t.Fatal(err)
	}
	v := w.vm(id)
	if got, nodes := v.Template.Vector("TOPOLOGY").Get("CORES"), v.Template.Vectors("NUMA_NODE"); got != "3" || len(nodes) != 1 ||
		nodes[0].Get("TOTAL_CPUS") != "6" || nodes[0].Get("MEMORY") != "131072" {
		t.Errorf("%s cores, nodes %+v", got, nodes)
	}
}
