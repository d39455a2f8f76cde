package placement

import (
	"fmt"
	"strings"
)

// namedHosts bounds how many hosts a reason names one by one.
const namedHosts = 8

// explain says why a VM fits nowhere, host by host.
func (r *round) explain(c *class, v *VM) string {
	if len(r.hosts) == 0 {
		return "No hosts: register one with onehost create"
	}
	var parts []string
	for i, h := range r.hosts {
		if i == namedHosts {
			parts = append(parts, fmt.Sprintf("and %d more hosts", len(r.hosts)-i))
			break
		}
		parts = append(parts, h.Name+": "+r.why(c, h, v))
	}
	return "No host fits. " + strings.Join(parts, "; ")
}

// why says what stands against one host.
func (r *round) why(c *class, h *seat, v *VM) string {
	refused, no := c.refused[h.ID]
	switch {
	case no:
		return refused
	case h.ID == v.NotOn:
		return "the VM is to leave it"
	case h.FreeCPU < v.CPU:
		return fmt.Sprintf("not enough CPU (%.2f asked, %.2f free)", float64(v.CPU)/100, float64(h.FreeCPU)/100)
	case h.FreeMemoryKiB < v.MemoryKiB:
		return fmt.Sprintf("not enough memory (%d MiB asked, %d free)", v.MemoryKiB>>10, h.FreeMemoryKiB>>10)
	case !h.equipped(v):
		return "no free PCI device of those that the VM wants"
	case !h.spacious(v):
		return h.cramped(v)
	case r.parts(h, v) != "":
		return r.parts(h, v)
	case c.storeFor(h, v) != nil:
		_, why := r.connect(v, h)
		return why
	default:
		return fmt.Sprintf("not enough space in its system datastores (%d MiB asked)", v.DiskMiB)
	}
}
