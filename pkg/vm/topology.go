package vm

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/numa"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// CheckTopology completes TOPOLOGY and generates NUMA_NODE from it
// (VirtualMachine::parse_topology). It does nothing for a template without TOPOLOGY and NUMA_NODE.
func CheckTopology(t *attr.Template) error {
	asked, described := t.Vector("TOPOLOGY"), t.Vectors("NUMA_NODE")
	if asked == nil && len(described) == 0 {
		t.Del("TOPOLOGY") // not a vector
		return nil
	}
	topology, nodes := attr.NewVector("TOPOLOGY"), make([]attr.Attr, len(described))
	if asked != nil {
		topology = asked.Clone()
	}
	for i, n := range described {
		nodes[i] = n.Clone()
	}
	s := &topologyBuilder{t: t, topology: &topology}
	if err := s.read(); err != nil {
		return err
	}
	nodes, err := s.nodes(nodes)
	if err != nil {
		return err
	}
	t.Del("TOPOLOGY")
	t.Add(topology)
	t.Del("NUMA_NODE")
	for _, node := range nodes {
		t.Add(node)
	}
	return nil
}

// topologyBuilder holds the topology of a VM while it is computed.
type topologyBuilder struct {
	t                       *attr.Template
	topology                *attr.Attr
	policy                  numa.Policy
	affinity                int
	memory, vcpu            int
	sockets, cores, threads int
}

// read reads the template, and sets VCPU and CPU.
func (s *topologyBuilder) read() error {
	s.policy, s.affinity = numa.ParsePolicy(s.topology.Get("PIN_POLICY")), numa.Anywhere
	if n, ok := s.topology.Int("NODE_AFFINITY"); ok {
		s.affinity = n
	} else {
		s.topology.Del("NODE_AFFINITY")
	}
	if s.policy != numa.PinNone && s.affinity != numa.Anywhere {
		return bad("NUMA node affinity cannot be set for pinned VMs")
	}
	var ok bool
	if s.memory, ok = s.t.Int("MEMORY"); !ok {
		return bad("VM has not MEMORY set")
	}
	if s.vcpu, ok = s.t.Int("VCPU"); !ok {
		s.vcpu = 1
		s.t.Set("VCPU", "1")
	}
	if s.policy != numa.PinNone {
		s.t.Set("CPU", strconv.Itoa(s.vcpu))
	}
	if _, ok := s.t.Int("VCPU_MAX"); ok {
		return bad("VM with TOPOLOGY does not support CPU hotplug (VCPU_MAX)")
	}
	s.sockets, s.cores, s.threads = s.count("SOCKETS"), s.count("CORES"), s.count("THREADS")
	return nil
}

// count reads a number of TOPOLOGY. It returns 0 for values that do not begin with digits.
func (s *topologyBuilder) count(key string) int {
	value := strings.TrimSpace(s.topology.Get(key))
	digits := len(value) - len(strings.TrimLeft(value, "0123456789")) // oned ignores what follows the digits
	n, _ := strconv.Atoi(value[:digits])
	return n
}

// nodes returns the NUMA nodes of the VM, given the NUMA_NODE vectors in its template.
func (s *topologyBuilder) nodes(described []attr.Attr) ([]attr.Attr, error) {
	if s.policy == numa.PinNone {
		return s.floating()
	}
	if err := s.processors(len(described)); err != nil {
		return nil, err
	}
	if len(described) > 0 {
		return s.described(described)
	}
	return s.even()
}

// floating is for VMs that are not pinned. They have a NUMA node only with NODE_AFFINITY or
// hugepages.
func (s *topologyBuilder) floating() ([]attr.Attr, error) {
	switch total := s.sockets * s.cores * s.threads; {
	case s.sockets == 0 && s.cores == 0 && s.threads == 0:
		s.topology.Set("SOCKETS", "1")
		s.topology.Set("CORES", strconv.Itoa(s.vcpu))
		s.topology.Set("THREADS", "1")
	case total == 0:
		return nil, bad("Non-pinned VMs with a virtual topology needs to set  SOCKETS, CORES and THREADS numbers.")
	case total != s.vcpu:
		return nil, errThreads
	}
	s.topology.Set("PIN_POLICY", "NONE")
	if pages, _ := s.topology.Int("HUGEPAGE_SIZE"); s.affinity == numa.Anywhere && pages == 0 {
		return nil, nil
	}
	return []attr.Attr{nodeOf(s.vcpu, s.memory)}, nil
}

var errThreads = bad("Total threads per core and socket needs to match VCPU")

// processors completes SOCKETS and THREADS of a pinned VM. What remains unset is chosen on the
// host.
func (s *topologyBuilder) processors(nodes int) error {
	if s.sockets == 0 {
		s.sockets = max(1, nodes)
		s.topology.Set("SOCKETS", strconv.Itoa(s.sockets))
	}
	if s.cores == 0 {
		return nil
	}
	if s.threads != 0 {
		if s.sockets*s.cores*s.threads != s.vcpu {
			return errThreads
		}
		return nil
	}
	if s.vcpu%(s.cores*s.sockets) != 0 {
		return bad("VCPU is not multiple of the total number of cores")
	}
	s.threads = s.vcpu / (s.cores * s.sockets)
	if s.threads&(s.threads-1) != 0 {
		return bad("Computed number of threads is not power of 2")
	}
	s.topology.Set("THREADS", strconv.Itoa(s.threads))
	return nil
}

// even generates nodes of equal size, one per socket.
func (s *topologyBuilder) even() (list []attr.Attr, err error) {
	if s.vcpu%s.sockets != 0 {
		return nil, bad("VCPU is not multiple of the number of NUMA nodes")
	}
	if s.memory%s.sockets != 0 {
		return nil, bad("MEMORY is not multiple of the number of NUMA nodes")
	}
	for range s.sockets {
		list = append(list, nodeOf(s.vcpu/s.sockets, s.memory/s.sockets))
	}
	return list, nil
}

// distances matches DISTANCE, such as 1:254,2-6:128.
var distances = regexp.MustCompile(`^[0-9]+(-[0-9]+)?:[0-9]+(,[0-9]+(-[0-9]+)?:[0-9]+)*$`)

// described validates the NUMA_NODE vectors of the template.
func (s *topologyBuilder) described(nodes []attr.Attr) (list []attr.Attr, err error) {
	cpus, memory := 0, 0
	for i := range nodes {
		n := &nodes[i]
		c, _ := n.Int("TOTAL_CPUS")
		m, _ := n.Int("MEMORY")
		if (m == 0) != (c == 0) {
			return nil, bad("NUMA_NODE capacity cannot be MEMORY or CPU only")
		}
		node := nodeOf(c, m)
		if far := n.Get("DISTANCE"); far != "" {
			if !distances.MatchString(far) {
				return nil, bad("A NUMA_NODE includes a syntax error for DISTANCE attribute")
			}
			node.Set("DISTANCE", far)
		}
		list, cpus, memory = append(list, node), cpus+c, memory+m
	}
	switch {
	case cpus != s.vcpu:
		return nil, bad("Total CPUS of NUMA nodes is different from VM VCPU")
	case memory != s.memory:
		return nil, bad("Total MEMORY of NUMA nodes is different from VM MEMORY")
	}
	return list, nil
}

// nodeOf is a NUMA_NODE, with MEMORY in KiB.
func nodeOf(cpus, memoryMiB int) attr.Attr {
	return attr.NewVector("NUMA_NODE",
		attr.Pair{Key: "TOTAL_CPUS", Value: strconv.Itoa(cpus)},
		attr.Pair{Key: "MEMORY", Value: strconv.Itoa(memoryMiB * 1024)},
	)
}

// topologyOf checks the topology of a new VM. oned does this before all other checks.
func topologyOf(_ *store.Tx, _ Settings, v *VM) error {
	if err := CheckTopology(&v.User); err != nil {
		return one.Errorf(one.CodeAllocate, "Error allocating a new virtual machine. %v", err)
	}
	return nil
}

// resizeTopology adapts CORES and the NUMA nodes to a new VCPU and MEMORY
// (VirtualMachine::resize).
func resizeTopology(v *VM) error {
	topology := v.Template.Vector("TOPOLOGY")
	if topology == nil {
		return nil
	}
	s, _ := topology.Int("SOCKETS")
	c, _ := topology.Int("CORES")
	t, _ := topology.Int("THREADS")
	vcpu, _ := v.Template.Int("VCPU")
	if s > 0 && c > 0 && t > 0 && s*c*t != vcpu {
		if vcpu%(t*s) != 0 {
			return one.Errorf(one.CodeAction, "new VCPU is not multiple of the total number of threads")
		}
		topology.Set("CORES", strconv.Itoa(vcpu/(t*s)))
	}
	v.Template.Del("NUMA_NODE")
	if err := CheckTopology(&v.Template); err != nil {
		return one.Errorf(one.CodeAction, "%v", err)
	}
	return nil
}
