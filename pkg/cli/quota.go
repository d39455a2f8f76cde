package cli

import (
	"fmt"
	"strconv"
)

// Special values in place of a limit.
const (
	limitDefault   = "-1" // the default quota's limit
	limitUnlimited = "-2"
)

// quotaColumns are columns of the lists of users and groups: usage and limit. cpuWidth differs
// between the two.
func quotaColumns(cpuWidth int) []column {
	return []column{
		{"VMS", "Number of VMS", 9, 0, quotaOf("VMS", "%3s", plainText)},
		{"MEMORY", "Total memory allocated to user VMs", 15, 0, quotaOf("MEMORY", "%6s", mebibyteText)},
		{"CPU", "Total CPU allocated to user VMs", cpuWidth, 0, quotaOf("CPU", "%3s", decimalText)},
		{"PCI", "Total PCIs allocated to user VMs", 9, 0, quotaOf("PCI_DEV", "%3s", plainText)},
	}
}

// quotaOf formats a value of the VM quota of a user or group. The pool has quotas next to the
// objects, with the same ID.
func quotaOf(name, form string, write func(string) string) func(*view, *node) string {
	return func(v *view, n *node) string {
		quota := v.quotaOf(n)
		if quota == nil {
			return "-"
		}
		limit := quota.or(name, limitUnlimited)
		if limit == limitDefault {
			limit = v.defaultLimit(name)
		}
		return usedOf(quota.or(name+"_USED", "0"), limit, form, write)
	}
}

func usedOf(used, limit, form string, write func(string) string) string {
	bound := "-"
	if limit != limitUnlimited {
		bound = write(limit)
	}
	return fmt.Sprintf(form+" / "+form, write(used), bound)
}

// quotaOf is the VM quota for all clusters. Objects without one have the default quota, except
// oneadmin, who has no limits.
func (v *view) quotaOf(n *node) *node {
	if v.quotas == nil {
		v.quotas = map[string]*node{}
		for _, quota := range v.pool.all("QUOTAS") {
			v.quotas[quota.get("ID")] = quota
		}
	}
	if quota := generalQuota(v.quotas[n.get("ID")]); quota != nil || n.get("ID") == "0" {
		return quota
	}
	return unusedQuota()
}

func generalQuota(n *node) *node {
	quotas := n.all("VM_QUOTA/VM")
	for _, quota := range quotas {
		if quota.get("CLUSTER_IDS") == "" {
			return quota
		}
	}
	if len(quotas) > 0 {
		return quotas[0]
	}
	return nil
}

func unusedQuota() *node {
	quota := &node{name: "VM"}
	for _, name := range []string{"VMS", "MEMORY", "CPU", "PCI_DEV", "PCI_NIC", "SYSTEM_DISK_SIZE", "RUNNING_VMS", "RUNNING_MEMORY", "RUNNING_CPU"} {
		quota.kids = append(quota.kids, &node{name: name, text: limitDefault})
	}
	return quota
}

// defaultLimit is the limit in the default quota of users or groups.
func (v *view) defaultLimit(name string) string {
	for _, defaults := range []string{"DEFAULT_USER_QUOTAS", "DEFAULT_GROUP_QUOTAS"} {
		if limit := v.pool.get(defaults + "/VM_QUOTA/VM/" + name); limit != "" {
			return limit
		}
	}
	return limitUnlimited
}

func plainText(text string) string { return text }

func mebibyteText(text string) string {
	value, _ := strconv.ParseInt(text, 10, 64)
	return size(value, 'M')
}

func decimalText(text string) string {
	value, _ := strconv.ParseFloat(text, 64)
	return strconv.FormatFloat(value, 'f', 1, 64)
}
