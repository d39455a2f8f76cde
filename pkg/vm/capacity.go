package vm

import (
	"math"
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/host"
)

// Capacity is the host capacity that a VM uses.
func Capacity(v *VM) host.Capacity {
	return host.Capacity{CPU: int(math.Round(v.CPU() * 100)), MemoryKiB: v.MemoryMiB() * 1024}
}

// CPU is TEMPLATE/CPU.
func (v *VM) CPU() float64 {
	cpu, _ := v.Template.Float("CPU")
	return cpu
}

// MemoryMiB is TEMPLATE/MEMORY.
func (v *VM) MemoryMiB() int64 {
	n, _ := v.Template.Int("MEMORY")
	return int64(n)
}

// VCPU is TEMPLATE/VCPU, or 0 if it is not set.
func (v *VM) VCPU() int {
	n, _ := v.Template.Int("VCPU")
	return n
}

// number formats a number as C++ streams do, with 6 significant digits.
func number(f float64) string { return strconv.FormatFloat(f, 'g', 6, 64) }
