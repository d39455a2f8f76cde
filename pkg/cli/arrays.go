package cli

import "strings"

// isArray tells whether OpenNebula's schemas allow several elements of a name in their parent,
// so that even a single one is an array in JSON.
func isArray(parent, name string) bool {
	if strings.HasSuffix(parent, "_POOL") && parent == name+"_POOL" {
		return true
	}
	switch parent {
	case "GROUP_POOL", "USER_POOL":
		return name == "QUOTAS"
	case "TEMPLATE":
		return isVMDevice(name)
	case "HISTORY_RECORDS":
		return name == "HISTORY"
	case "SNAPSHOTS":
		return name == "SNAPSHOT"
	case "VM":
		return name == "SNAPSHOTS"
	case "MONITORING":
		return name == "DISK_SIZE" || name == "NUMA_NODE"
	case "LEASES":
		return name == "LEASE"
	case "PCI_DEVICES":
		return name == "PCI"
	case "NUMA_NODES":
		return name == "NODE"
	case "NODE", "NUMA_NODE":
		return name == "CORE" || name == "HUGEPAGE"
	case "BACKUP_INCREMENTS":
		return name == "INCREMENT"
	case "USER":
		return name == "LOGIN_TOKEN"
	case "DATASTORES":
		return name == "DS" || name == "ID"
	case "VLAN_RULES":
		return name == "RULE"
	}
	return name == "ID" && holdsIDs(parent)
}

func isVMDevice(name string) bool {
	switch name {
	case "DISK", "NIC", "NIC_ALIAS", "PCI", "SNAPSHOT", "SCHED_ACTION", "SECURITY_GROUP_RULE":
		return true
	}
	return false
}

// holdsIDs are the elements that contain lists of IDs.
func holdsIDs(name string) bool {
	switch name {
	case "CLUSTERS", "HOSTS", "VNETS", "IMAGES", "USERS", "ADMINS", "GROUPS", "VMS", "CLONES", "APP_CLONES",
		"VROUTERS", "UPDATED_VMS", "OUTDATED_VMS", "UPDATING_VMS", "ERROR_VMS", "BACKUP_IDS", "BACKUP_DISK_IDS":
		return true
	}
	return false
}
