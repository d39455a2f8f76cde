package cli

import "strings"

// vmBackups prints the backup configuration of a VM, and its backups.
func (p *page) vmBackups(n *node) {
	if config := n.at("BACKUPS/BACKUP_CONFIG"); config != nil && len(config.kids) > 0 {
		p.section("BACKUP CONFIGURATION")
		p.template(config)
	}
	if ids := n.texts("BACKUPS/BACKUP_IDS/ID"); len(ids) > 0 {
		p.section("VM BACKUPS")
		p.form = "%s: %s"
		p.line("IMAGE IDS", strings.Join(ids, ","))
	}
}

// vmTopology prints which CPUs and memory of its host a VM uses.
func (p *page) vmTopology(n *node) {
	if nodes := n.all("TEMPLATE/NUMA_NODE"); len(nodes) > 0 {
		p.section("NUMA NODES")
		p.blank()
		p.table([]column{
			{"ID", "", 4, 0, text("NODE_ID")},
			{"CPUS_IDS", "", 5, adjust, text("CPUS")},
			{"MEMORY", "", 10, 0, func(_ *view, n *node) string { return size(n.int("MEMORY"), 'K') }},
			{"TOTAL_CPUS", "", 10, 0, text("TOTAL_CPUS")},
		}, nodes)
	}
	if topology := n.all("TEMPLATE/TOPOLOGY"); len(topology) > 0 {
		p.section("TOPOLOGY")
		p.blank()
		p.table([]column{
			{"CORES", "", 6, 0, text("CORES")}, {"SOCKETS", "", 8, 0, text("SOCKETS")}, {"THREADS", "", 8, 0, text("THREADS")},
		}, topology)
	}
}
