package vm

import (
	"math"
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/host"
)

// Capacity is what a VM takes of its host.
func Capacity(v *VM) host.Capacity {
	return host.Capacity{CPU: int(math.Round(v.CPU() * 100)), MemoryKiB: v.MemoryMiB() * 1024}
}

// CPU is the share of CPUs the VM was promised, as TEMPLATE/CPU says.
func (v *VM) CPU() float64 {
	cpu, _ := v.Template.Float("CPU")
	return cpu
}

// MemoryMiB is TEMPLATE/MEMORY.
func (v *VM) MemoryMiB() int64 {
	n, _ := v.Template.Int("MEMORY")
	return int64(n)
}

// VCPU is TEMPLATE/VCPU; 0 when the template names none.
func (v *VM) VCPU() int {
	n, _ := v.Template.Int("VCPU")
	return n
}

// number writes a decimal as C++ streams do: six digits that count.
func number(f float64) string { return strconv.FormatFloat(f, 'g', 6, 64) }
