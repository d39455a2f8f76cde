package vm

import (
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
)

// CheckRestricted refuses templates of non-administrators with restricted attributes
// (VM_RESTRICTED_ATTR). what names the template in the error: "VM Template", "DISK", "NIC" …
func CheckRestricted(s Settings, c *one.Caller, what string, t attr.Template) error {
	if c.IsAdmin() {
		return nil
	}
	return refuseRestricted(c, what, s.Restricted.In(t))
}

// CheckAdded does so for a template that is merged into base. Restricted attributes are allowed
// if their value in base is the same.
func CheckAdded(s Settings, c *one.Caller, what string, base, t attr.Template) error {
	if c.IsAdmin() {
		return nil
	}
	return refuseRestricted(c, what, s.Restricted.Changed(base, &t, true))
}

func refuseRestricted(c *one.Caller, what, name string) error {
	if name == "" {
		return nil
	}
	return one.Errorf(one.CodeAuthorization, "User [%d] : %s includes a restricted attribute %s.", c.UID, what, name)
}

// RestrictedOf lists the restricted keys of a vector.
func (s Settings) RestrictedOf(vector string) (keys []string) {
	for _, r := range s.Restricted {
		if name, key, ok := strings.Cut(r, "/"); ok && name == vector {
			keys = append(keys, key)
		}
	}
	return keys
}

// defaultRestricted is VM_RESTRICTED_ATTR of the default oned.conf.
func defaultRestricted() object.Restricted {
	list := object.Restricted{
		"CONTEXT/FILES", "DEPLOY_ID", "CPU_COST", "MEMORY_COST", "DISK_COST", "PCI", "EMULATOR", "RAW/DATA",
		"USER_PRIORITY", "USER_INPUTS/CPU", "USER_INPUTS/MEMORY", "USER_INPUTS/VCPU",
		"TOPOLOGY/PIN_POLICY", "TOPOLOGY/HUGEPAGE_SIZE",
		"DISK/SIZE_IOPS_SEC", "DISK/OPENNEBULA_MANAGED", "DISK/ORIGINAL_SIZE", "DISK/SIZE_PREV",
		"NIC/FILTER", "NIC/FILTER_IP_SPOOFING", "NIC/FILTER_MAC_SPOOFING", "NIC/EXTERNAL", "NIC/VLAN_TAGGED_ID",
		"NIC_DEFAULT/MAC", "NIC_DEFAULT/VLAN_ID", "NIC_DEFAULT/BRIDGE", "NIC_DEFAULT/FILTER", "NIC_DEFAULT/EXTERNAL",
	}
	for _, nic := range []string{"NIC/", "NIC_ALIAS/"} {
		for _, key := range []string{
			"MAC", "VLAN_ID", "BRIDGE", "OPENNEBULA_MANAGED",
			"INBOUND_AVG_BW", "INBOUND_PEAK_BW", "INBOUND_PEAK_KB",
			"OUTBOUND_AVG_BW", "OUTBOUND_PEAK_BW", "OUTBOUND_PEAK_KB",
		} {
			list = append(list, nic+key)
		}
	}
	for _, what := range []string{"TOTAL", "READ", "WRITE"} {
		for _, unit := range []string{"_BYTES_SEC", "_IOPS_SEC"} {
			for _, kind := range []string{"", "_MAX", "_MAX_LENGTH"} {
				list = append(list, "DISK/"+what+unit+kind)
			}
		}
	}
	return list
}
