package cli

import (
	"strconv"
	"strings"
	"time"
)

// metric is a line of the monitoring table, with its unit.
type metric struct {
	name  string
	write func(value int64) string // nil: as it is
}

func vmMetrics() []metric {
	kib := func(value int64) string { return size(value, 'K') }
	bytes := func(value int64) string { return size(value/1024, 'K') }
	return []metric{
		{"CPU", nil}, {"MEMORY", kib},
		{"NETTX", bytes}, {"NETTX_BW", bytes}, {"NETRX", bytes}, {"NETRX_BW", bytes},
		{"DISKRDBYTES", kib}, {"DISKRDBYTES_BW", kib}, {"DISKRDIOPS", nil}, {"DISKRDIOPS_BW", nil},
		{"DISKWRBYTES", kib}, {"DISKWRBYTES_BW", kib}, {"DISKWRIOPS_BW", nil}, {"DISKWRIOPS", nil},
		{"GPU_COUNT", nil}, {"GPU_UTILIZATION", nil}, {"GPU_MEMORY_UTILIZATION", nil},
		{"GPU_MEMORY_FREE", func(value int64) string { return size(value/1024, 'G') }}, {"GPU_POWER_USAGE", nil},
	}
}

func (p *page) vmMonitoring(n *node) {
	when := "-"
	if seconds := n.int("MONITORING/TIMESTAMP"); seconds != 0 {
		when = time.Unix(seconds, 0).Format(time.ANSIC)
	}
	p.section("VIRTUAL MACHINE MONITORING [" + when + "]")
	var rows []*node
	for _, m := range vmMetrics() {
		row := &node{name: m.name}
		for _, kind := range []string{"", "_FORECAST", "_FORECAST_FAR"} {
			row.kids = append(row.kids, &node{name: "VALUE" + kind, text: m.value(n, kind)})
		}
		rows = append(rows, row)
	}
	p.table([]column{
		{"METRIC", "", 20, left, func(_ *view, row *node) string { return row.name }},
		{"VALUE", "", 15, left, text("VALUE")},
		{"FORECAST", "", 15, left, text("VALUE_FORECAST")},
		{"FORECAST_FAR", "", 15, left, text("VALUE_FORECAST_FAR")},
	}, rows)
	p.blank()
	p.otherMonitoring(n)
}

// otherMonitoring are monitored values besides the known metrics.
func (p *page) otherMonitoring(n *node) {
	known := map[string]bool{"STATE": true, "DISK_SIZE": true, "SNAPSHOT_SIZE": true, "ID": true, "TIMESTAMP": true}
	for _, m := range vmMetrics() {
		known[m.name] = true
	}
	for _, kid := range n.all("MONITORING") {
		for _, reported := range kid.kids {
			name, _, _ := strings.Cut(reported.name, "_FORECAST")
			if !known[name] {
				p.line(cut(reported.name, 20), cut(reported.text, 80))
			}
		}
	}
}

// cut truncates a text that does not fit on a line.
func cut(text string, length int) string {
	if runes := []rune(text); len(runes) > length {
		return string(runes[:length-3]) + "..."
	}
	return text
}

func (m metric) value(vm *node, kind string) string {
	found := vm.at("MONITORING/" + m.name + kind)
	switch {
	case found == nil:
		return "-"
	case m.write == nil:
		return found.text
	}
	return m.write(int64(vm.float("MONITORING/" + m.name + kind)))
}

// vmNICs prints the NICs, with a line for each further address.
func (p *page) vmNICs(n *node) {
	if nics := nicRows(n, "NIC"); len(nics) > 0 {
		p.section("VM NICS")
		p.table(append(nicColumns(), column{"PCI_ID", "", 8, left, text("PCI_ID")}), nics)
	}
	if aliases := nicRows(n, "NIC_ALIAS"); len(aliases) > 0 {
		p.section("VM ALIAS")
		p.table(nicColumns(), aliases)
	}
	if record := n.last("HISTORY_RECORDS/HISTORY"); record != nil {
		p.externalPorts(n, record.get("HOSTNAME"))
	}
}

func nicColumns() []column {
	return []column{
		{"ID", "", 3, 0, text("NIC_ID")},
		{"NETWORK", "", 20, left, text("NETWORK")},
		{"BRIDGE", "", 12, left, text("BRIDGE")},
		{"IP", "", 15, left | adjust, text("IP")},
		{"MAC", "", 17, left, text("MAC")},
	}
}

func nicRows(n *node, kind string) []*node {
	nics := n.all("TEMPLATE/" + kind)
	if kind == "NIC" {
		for _, pci := range n.all("TEMPLATE/PCI") {
			if pci.has("NIC_ID") {
				nics = append(nics, pci)
			}
		}
	}
	var rows []*node
	for _, nic := range nics {
		first := &node{name: nic.name}
		for _, name := range []string{"NIC_ID", "NETWORK", "BRIDGE", "IP", "MAC"} {
			first.kids = append(first.kids, &node{name: name, text: nic.or(name, "-")})
		}
		first.kids = append(first.kids, &node{name: "PCI_ID", text: nic.get("PCI_ID")})
		rows = append(append(rows, first), moreAddresses(nic)...)
	}
	return rows
}

func moreAddresses(nic *node) []*node {
	var rows []*node
	add := func(text string) {
		rows = append(rows, &node{kids: []*node{{name: "IP", text: text}}})
	}
	for _, name := range []string{"EXTERNAL_IP", "IP6_LINK", "IP6_ULA", "IP6_GLOBAL", "IP6"} {
		if nic.has(name) {
			add(nic.get(name))
		}
	}
	for _, name := range []string{"VROUTER_IP", "VROUTER_IP6_LINK", "VROUTER_IP6_ULA", "VROUTER_IP6_GLOBAL"} {
		if nic.has(name) {
			add(nic.get(name) + " (VRouter)")
		}
	}
	return rows
}

// sshPort is the port of the host that is forwarded to the guest's port 22, in networks with
// port forwarding.
func sshPort(nic *node) (int, bool) {
	first, _, _ := strings.Cut(nic.get("EXTERNAL_PORT_RANGE"), ":")
	port, err := strconv.Atoi(first)
	return port + 21, err == nil
}

// vmSnapshots prints the snapshots of disks and of the VM.
func (p *page) vmSnapshots(n *node) {
	if rows := diskSnapshots(n, ""); len(rows) > 0 {
		p.section("VM DISK SNAPSHOTS")
		p.table(diskSnapshotColumns(), rows)
	}
	if rows := n.all("TEMPLATE/SNAPSHOT"); len(rows) > 0 {
		p.section("SNAPSHOTS")
		p.table(snapshotColumns(), rows)
	}
}

// diskSnapshots prints those of one disk, or of all for an empty ID.
func diskSnapshots(n *node, disk string) []*node {
	var rows []*node
	for _, group := range n.all("SNAPSHOTS") {
		id := group.get("DISK_ID")
		if disk != "" && disk != id {
			continue
		}
		for _, snapshot := range group.all("SNAPSHOT") {
			row := snapshot.without()
			row.kids = append(row.kids, &node{name: "DISK_ID", text: id})
			rows = append(rows, row)
		}
	}
	return rows
}

func diskSnapshotColumns() []column {
	return []column{
		{"AC", "", 2, left, activeMark},
		{"ID", "", 3, 0, text("ID")},
		{"DISK", "", 4, 0, text("DISK_ID")},
		{"PARENT", "", 6, 0, text("PARENT")},
		{"DATE", "", 15, 0, timeOf("DATE")},
		{"SIZE", "", 12, left, func(_ *view, n *node) string { return diskSize(nil, n) }},
		{"NAME", "", 32, left, text("NAME")},
	}
}

func activeMark(_ *view, n *node) string {
	if n.get("ACTIVE") == "YES" {
		return "=>"
	}
	return ""
}

func snapshotColumns() []column {
	return []column{
		{"ID", "", 4, 0, text("SNAPSHOT_ID")},
		{"TIME", "", 12, 0, func(_ *view, n *node) string { return layoutTime(n.int("TIME"), "01/02 15:04") }},
		{"NAME", "", 46, left, text("NAME")},
		{"HYPERVISOR_ID", "", 15, left, text("HYPERVISOR_ID")},
	}
}

func lower(path string) func(*view, *node) string {
	return func(_ *view, n *node) string { return strings.ToLower(n.get(path)) }
}
