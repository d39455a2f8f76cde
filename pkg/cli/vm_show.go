package cli

import (
	"fmt"

	"github.com/renkei-vpe/renkei/pkg/one"
)

func showVM(p *page, n *node) {
	p.form = "%-20s: %s"
	p.title("VIRTUAL MACHINE " + n.get("ID") + " INFORMATION")
	p.vmLines(n)
	p.vmMonitoring(n)
	p.blank()
	p.permissions(n)
	p.vmDisks(n)
	p.vmSnapshots(n)
	p.vmNICs(n)
	p.vmSecurity(n)
	p.vmHistory(n)
	p.schedule(n, n.int("STIME"))
	p.vmBackups(n)
	if user := n.at("USER_TEMPLATE"); user != nil && len(user.kids) > 0 {
		p.section("USER TEMPLATE")
		p.template(user)
	}
	p.vmTopology(n)
	p.section("VIRTUAL MACHINE TEMPLATE")
	t := n.at("TEMPLATE")
	if !p.all {
		t = t.without("DISK", "NIC", "NIC_ALIAS", "SNAPSHOT", "SECURITY_GROUP_RULE", "SCHED_ACTION", "NUMA_NODE", "TOPOLOGY")
	}
	p.template(t)
}

func (p *page) vmLines(n *node) {
	p.line("ID", n.get("ID"))
	p.line("NAME", n.get("NAME"))
	p.line("USER", n.get("UNAME"))
	p.line("GROUP", n.get("GNAME"))
	p.line("STATE", vmState(n).String())
	p.line("LCM_STATE", lcmState(n).String())
	p.line("LOCK", lockLevel(n.get("LOCK/LOCKED")))
	p.line("RESCHED", yesNo(n.get("RESCHED")))
	if record := n.last("HISTORY_RECORDS/HISTORY"); record != nil && onHost(n) {
		v := &view{session: p.session}
		p.line("HOST", record.get("HOSTNAME"))
		p.line("CLUSTER ID", record.get("CID"))
		p.line("CLUSTER", v.clusterName(record.get("CID")))
	}
	p.line("START TIME", stamp(n.int("STIME")))
	p.line("END TIME", stamp(n.int("ETIME")))
	p.line("DEPLOY ID", n.or("DEPLOY_ID", "-"))
	if router := n.get("TEMPLATE/VROUTER_ID"); router != "" {
		p.line("VIRTUAL ROUTER ID", router)
	}
}

func (p *page) vmDisks(n *node) {
	disks := n.all("TEMPLATE/DISK")
	if context := n.at("TEMPLATE/CONTEXT"); context != nil {
		disks = append(disks, contextDisk(context))
	}
	if len(disks) == 0 {
		return
	}
	p.section("VM DISKS")
	p.table([]column{
		{"ID", "", 3, 0, text("DISK_ID")},
		{"DATASTORE", "", 10, left, text("DATASTORE")},
		{"TARGET", "", 6, left, text("TARGET")},
		{"IMAGE", "", 35, left, diskImage},
		{"SIZE", "", 9, left, func(_ *view, d *node) string { return diskSize(n, d) }},
		{"TYPE", "", 4, left, lower("TYPE")},
		{"SAVE", "", 4, 0, textOr("SAVE", "NO")},
	}, disks)
}

// contextDisk prints the context CD among the disks.
func contextDisk(context *node) *node {
	disk := &node{name: "DISK"}
	for _, part := range [][2]string{
		{"DISK_ID", context.get("DISK_ID")}, {"TARGET", context.get("TARGET")},
		{"IMAGE", "CONTEXT"}, {"DATASTORE", "-"}, {"TYPE", "-"}, {"SAVE", "-"},
	} {
		disk.kids = append(disk.kids, &node{name: part[0], text: part[1]})
	}
	return disk
}

// diskImage describes the format of a volatile disk.
func diskImage(_ *view, d *node) string {
	switch {
	case d.has("IMAGE"):
		return d.get("IMAGE")
	case lower("TYPE")(nil, d) == "swap":
		return size(d.int("SIZE"), 'M')
	case lower("TYPE")(nil, d) == "fs":
		return d.get("FORMAT") + " - " + size(d.int("SIZE"), 'M')
	}
	return ""
}

// diskSize is the used and the total size of a disk.
func diskSize(vm, d *node) string {
	used, whole := "-", "-"
	for _, monitored := range vm.all("MONITORING/DISK_SIZE") {
		if monitored.get("ID") == d.get("DISK_ID") {
			used = size(monitored.int("SIZE"), 'M')
		}
	}
	if d.has("SIZE") {
		whole = size(d.int("SIZE"), 'M')
	}
	return used + "/" + whole
}

func (p *page) vmHistory(n *node) {
	records := n.all("HISTORY_RECORDS/HISTORY")
	if len(records) == 0 {
		return
	}
	p.section("VIRTUAL MACHINE HISTORY")
	p.table([]column{
		{"SEQ", "", 3, 0, text("SEQ")},
		{"UID", "", 4, left, knownID("UID")},
		{"REQ", "", 5, left, knownID("REQUEST_ID")},
		{"HOST", "", 12, left, text("HOSTNAME")},
		{"ACTION", "", 10, left, historyAction},
		{"DS", "", 4, 0, text("DS_ID")},
		{"START", "", 15, 0, timeOf("STIME")},
		{"TIME", "", 11, 0, vmTime},
		{"PROLOG", "", 10, 0, prologTime},
	}, records)
}

func historyAction(_ *view, record *node) string {
	return one.HistoryAction(record.int("ACTION")).String()
}

func prologTime(v *view, record *node) string {
	if record.int("PSTIME") == 0 {
		return shortPeriod(0)
	}
	return shortPeriod(v.since(record.int("PSTIME"), record.int("PETIME")))
}

// knownID is an ID; "-" for negative ones.
func knownID(path string) func(*view, *node) string {
	return func(_ *view, n *node) string {
		if id := n.get(path); id != "-1" {
			return id
		}
		return "-"
	}
}

// externalPorts prints how a guest behind port forwarding can be reached.
func (p *page) externalPorts(n *node, host string) {
	for _, nic := range n.all("TEMPLATE/NIC") {
		if port, ok := sshPort(nic); ok {
			p.section("PORT FORWARD")
			fmt.Fprintf(p.out, "SSH on %s at port %d\n", host, port)
			return
		}
	}
}
