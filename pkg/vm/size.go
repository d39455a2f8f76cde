package vm

import (
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/store"
)

// parseCapacity validates CPU, MEMORY, VCPU and related attributes, and moves them to TEMPLATE.
func parseCapacity(_ *store.Tx, _ Settings, v *VM) error {
	memory, ok := v.User.Int("MEMORY")
	if !ok || memory <= 0 {
		return bad("MEMORY attribute must be a positive integer value.")
	}
	claimNumber(v, "MEMORY", strconv.Itoa(memory))
	if err := memoryMode(v); err != nil {
		return err
	}
	claimPositive(v, "MEMORY_MAX", "MEMORY_SLOTS", "VCPU_MAX")
	cpu, ok := v.User.Float("CPU")
	if !ok || cpu <= 0 {
		return bad("CPU attribute must be a positive float or integer value.")
	}
	claimNumber(v, "CPU", number(cpu))
	if v.User.Get("VCPU") == "" {
		return nil
	}
	vcpu, ok := v.User.Int("VCPU")
	if !ok || vcpu <= 0 {
		return bad("VCPU attribute must be a positive integer value.")
	}
	claimNumber(v, "VCPU", strconv.Itoa(vcpu))
	return nil
}

// memoryMode validates MEMORY_RESIZE_MODE.
func memoryMode(v *VM) error {
	mode := v.User.Get("MEMORY_RESIZE_MODE")
	if mode == "" {
		return nil
	}
	mode = strings.ToUpper(mode)
	if mode != "BALLOONING" && mode != "HOTPLUG" {
		return bad("Unknown MEMORY_RESIZE_MODE: %s", mode)
	}
	claimNumber(v, "MEMORY_RESIZE_MODE", mode)
	return nil
}

// claimNumber moves an attribute to TEMPLATE with a normalized value.
func claimNumber(v *VM, name, value string) {
	v.User.Del(name)
	v.Template.Set(name, value)
}

// claimPositive moves attributes that are positive numbers to TEMPLATE. Others stay in
// USER_TEMPLATE.
func claimPositive(v *VM, names ...string) {
	for _, name := range names {
		if n, ok := v.User.Int(name); ok && n > 0 {
			claimNumber(v, name, strconv.Itoa(n))
		}
	}
}

// parseCosts validates the costs and moves them to TEMPLATE.
func parseCosts(_ *store.Tx, _ Settings, v *VM) error {
	for _, name := range []string{"CPU_COST", "MEMORY_COST", "DISK_COST"} {
		cost, ok := v.User.Float(name)
		if !ok {
			continue
		}
		if cost < 0 {
			return bad("%s attribute must be a positive float or integer value.", name)
		}
		claimNumber(v, name, number(cost))
	}
	return nil
}
