package domxml

import (
	"fmt"
	"math"
	"strings"

	"libvirt.org/go/libvirtxml"
)

// processor adds VCPU, CPU, CPU_MODEL and TOPOLOGY.
func (b *build) processor() {
	b.dom.VCPU = &libvirtxml.DomainVCPU{Value: b.vcpus()}
	if most := b.uint("VCPU_MAX", b.get("VCPU_MAX")); most > b.vcpus() {
		b.dom.VCPU.Value, b.dom.VCPU.Current = most, b.vcpus()
	}
	b.shares()
	cpu := &libvirtxml.DomainCPU{}
	b.cpuModel(cpu)
	b.topology(cpu)
	if cpu.Mode != "" || cpu.Topology != nil {
		b.dom.CPU = cpu
	}
	b.nodes()
}

// shares sets the domain's weight when the host's CPUs are contended, from CPU, in the units of
// the host's cgroup version.
func (b *build) shares() {
	version := b.host().get("CGROUPS_VERSION")
	if cpus := b.host().get("EMULATOR_CPUS"); cpus != "" {
		b.tune().EmulatorPin = &libvirtxml.DomainCPUTuneEmulatorPin{CPUSet: cpus}
	}
	if b.NoShares || strings.EqualFold(version, "none") {
		return
	}
	cpu := 1.0
	if text, ok := b.vm.Template.Lookup("CPU"); ok {
		if cpu, ok = b.vm.Template.Float("CPU"); !ok || cpu <= 0 {
			b.fail("CPU = %q is not a number above 0", text)
		}
	}
	unit, least, most := 1024.0, 2.0, 262144.0
	if version == "2" {
		unit, least, most = 100, 1, 10000
	}
	n := min(max(math.Ceil(unit*cpu), least), most)
	b.tune().Shares = &libvirtxml.DomainCPUTuneShares{Value: uint(n)}
}

func (b *build) tune() *libvirtxml.DomainCPUTune {
	if b.dom.CPUTune == nil {
		b.dom.CPUTune = &libvirtxml.DomainCPUTune{}
	}
	return b.dom.CPUTune
}

// cpuModel adds CPU_MODEL. host-passthrough is impossible for an emulated guest: it gets
// everything that the emulator supports instead.
func (b *build) cpuModel(cpu *libvirtxml.DomainCPU) {
	model := b.key("CPU_MODEL", "MODEL")
	switch {
	case model == "":
		return
	case strings.EqualFold(model, "host-passthrough") && b.Type == QEMU:
		cpu.Mode = "maximum"
		return // its features are the emulator's choice
	case strings.EqualFold(model, "host-passthrough"), strings.EqualFold(model, "host-model"):
		cpu.Mode = strings.ToLower(model)
	default:
		cpu.Mode = "custom"
		cpu.Model = &libvirtxml.DomainCPUModel{Fallback: "forbid", Value: model}
	}
	for name := range strings.SplitSeq(b.key("CPU_MODEL", "FEATURES"), ",") {
		if name = strings.TrimSpace(name); name != "" {
			cpu.Features = append(cpu.Features, libvirtxml.DomainCPUFeature{Policy: "require", Name: name})
		}
	}
}

// topology adds TOPOLOGY. If sockets are omitted, they are computed from the rest, as in
// OpenNebula.
func (b *build) topology(cpu *libvirtxml.DomainCPU) {
	t := b.vm.Template.Vector("TOPOLOGY")
	if t == nil {
		return
	}
	cores, threads := max(1, b.uint("CORES", t.Get("CORES"))), max(1, b.uint("THREADS", t.Get("THREADS")))
	sockets, vcpus := b.uint("SOCKETS", t.Get("SOCKETS")), b.dom.VCPU.Value
	if sockets == 0 {
		sockets = vcpus / (cores * threads)
	}
	if sockets*cores*threads != vcpus {
		b.fail("TOPOLOGY has %d sockets of %d cores of %d threads, which is not the %d VCPU of the VM", sockets, cores, threads, vcpus)
	}
	cpu.Topology = &libvirtxml.DomainCPUTopology{Sockets: int(sockets), Cores: int(cores), Threads: int(threads)}
	if page := b.uint("HUGEPAGE_SIZE", t.Get("HUGEPAGE_SIZE")); page > 0 {
		b.dom.MemoryBacking = &libvirtxml.DomainMemoryBacking{MemoryHugePages: &libvirtxml.DomainMemoryHugepages{
			Hugepages: []libvirtxml.DomainMemoryHugepage{{Size: page * 1024}},
		}}
	}
}

// memory adds MEMORY and its maximum: as a balloon, or with MEMORY_RESIZE_MODE = HOTPLUG as
// slots.
func (b *build) memory() {
	kib := b.uint("MEMORY", b.vm.Template.Get("MEMORY")) * 1024
	most := b.uint("MEMORY_MAX", b.vm.Template.Get("MEMORY_MAX")) * 1024
	if kib == 0 {
		b.fail("MEMORY is missing: give the MiB that the VM needs")
	}
	b.dom.Memory = &libvirtxml.DomainMemory{Value: kib, Unit: "KiB"}
	if most <= kib {
		return
	}
	if !strings.EqualFold(b.vm.Template.Get("MEMORY_RESIZE_MODE"), "HOTPLUG") {
		b.dom.Memory.Value = most
		b.dom.CurrentMemory = &libvirtxml.DomainCurrentMemory{Value: kib, Unit: "KiB"}
		return
	}
	if b.vm.Template.Has("NUMA_NODE") {
		return // hotplugged memory would belong to none of its nodes
	}
	slots := max(1, b.uint("MEMORY_SLOTS", b.get("MEMORY_SLOTS")))
	b.dom.MaximumMemory = &libvirtxml.DomainMaxMemory{Value: most, Unit: "KiB", Slots: slots}
	b.oneNode(kib)
}

// oneNode puts the whole VM into one NUMA node, which QEMU requires for memory hotplug.
func (b *build) oneNode(kib uint) {
	if b.dom.CPU == nil {
		b.dom.CPU = &libvirtxml.DomainCPU{}
	}
	b.dom.CPU.Numa = &libvirtxml.DomainNuma{Cell: []libvirtxml.DomainCell{{
		ID: ptr(uint(0)), CPUs: fmt.Sprintf("0-%d", b.dom.VCPU.Value-1), Memory: kib, Unit: "KiB",
	}}}
}
