package cli

import (
	"slices"
	"strings"
	"time"

	"github.com/renkei-vpe/renkei/pkg/one"
)

func vmNoun() *noun {
	n := &noun{
		name: "vm", program: "onevm", element: "VM", title: "virtual machine",
		method: "one.vm.", pool: "one.vmpool.info", scoped: true,
		columns: vmColumns(), defaults: strings.Fields("ID USER GROUP NAME STAT CPU MEM HOST TIME"),
		show: showVM,
	}
	n.verbs = slices.Concat(
		[]verb{list(n), top(n), showAll(n), vmCreate(n), rename(n), update(n, "USER_TEMPLATE"), vmWait(), vmSSH()},
		vmLifeVerbs(), vmPlaceVerbs(), vmDeviceVerbs(), vmSnapshotVerbs(), vmGuestVerbs(), vmScheduleVerbs(n), vmReachVerbs(),
		ownedVerbs(n), lockVerbs(n, "VM"),
	)
	return n
}

func vmColumns() []column {
	return []column{
		{"ID", "ONE identifier for Virtual Machine", 4, adjust, text("ID")},
		{"NAME", "Name of the Virtual Machine", 15, left | expand, vmName},
		{"USER", "Username of the Virtual Machine owner", 8, left, ownerName},
		{"GROUP", "Group of the Virtual Machine", 8, left, groupName},
		{"STAT", "Actual status", 4, 0, vmStat},
		{"CPU", "CPU assigned to the VM", 4, 0, textOr("TEMPLATE/CPU", "0")},
		{"MEM", "Memory assigned by the VM", 7, 0, vmMemory},
		{"HOST", "Host where the VM is running", 10, left | expand, vmHost},
		{"CLUSTER", "Cluster where the VM is running", 10, left, vmCluster},
		{"TIME", "Time since the VM was submitted", 10, 0, vmTime},
		{"IP", "VM IP addresses", 15, left | adjust, vmIPs},
	}
}

// vmName marks a VM with RESCHED.
func vmName(_ *view, n *node) string {
	if n.get("RESCHED") == "1" {
		return "*" + n.get("NAME")
	}
	return n.get("NAME")
}

func vmState(n *node) one.VMState   { return one.VMState(n.int("STATE")) }
func lcmState(n *node) one.LCMState { return one.LCMState(n.int("LCM_STATE")) }

// vmStat is the short state: for ACTIVE VMs, the LCM state's.
func vmStat(_ *view, n *node) string {
	if vmState(n) == one.VMActive {
		return lcmState(n).Short()
	}
	return vmState(n).Short()
}

func vmMemory(v *view, n *node) string { return v.size(n.int("TEMPLATE/MEMORY"), 'M') }

// onHost tells whether the last history record is where the VM is.
func onHost(n *node) bool {
	switch vmState(n) {
	case one.VMActive, one.VMSuspended, one.VMPoweroff:
		return true
	}
	return false
}

func vmHost(_ *view, n *node) string {
	if !onHost(n) {
		return ""
	}
	return n.last("HISTORY_RECORDS/HISTORY").get("HOSTNAME")
}

func vmCluster(v *view, n *node) string {
	record := n.last("HISTORY_RECORDS/HISTORY")
	if record == nil {
		return "NONE"
	}
	return v.clusterName(record.get("CID"))
}

// clusterName reads the clusters when the first name is needed. Users without access to
// clusters see IDs.
func (v *view) clusterName(id string) string {
	if v.clusters == nil {
		v.clusters = map[string]string{"-1": "default"}
		if root, _, err := v.session.read(call("one.clusterpool.info")); err == nil {
			for _, cluster := range root.all("CLUSTER") {
				v.clusters[cluster.get("ID")] = cluster.get("NAME")
			}
		}
	}
	if name, ok := v.clusters[id]; ok {
		return name
	}
	return id
}

func vmTime(v *view, n *node) string { return period(v.since(n.int("STIME"), n.int("ETIME"))) }

// since is the time from start to end, or to now if end is 0.
func (v *view) since(start, end int64) time.Duration {
	if end == 0 {
		end = v.session.io.now().Unix()
	}
	return time.Duration(end-start) * time.Second
}

// vmIPs are the addresses of all NICs.
func vmIPs(_ *view, n *node) string {
	var ips []string
	for _, nic := range append(n.all("TEMPLATE/NIC"), n.all("TEMPLATE/PCI")...) {
		for _, attribute := range []string{"IP", "EXTERNAL_IP", "IP6_GLOBAL", "IP6_ULA", "IP6",
			"VROUTER_IP", "VROUTER_IP6_GLOBAL", "VROUTER_IP6_ULA"} {
			if ip := nic.get(attribute); ip != "" {
				ips = append(ips, ip)
			}
		}
	}
	if len(ips) == 0 {
		return "--"
	}
	return strings.Join(ips, ",")
}
