package cli

import (
	"strconv"
	"strings"
)

// hostNodes prints the NUMA nodes of a host: cores and free CPUs, memory, and hugepages.
func (p *page) hostNodes(n *node) {
	nodes := n.all("HOST_SHARE/NUMA_NODES/NODE")
	if len(nodes) == 0 {
		return
	}
	p.section("NUMA NODES")
	p.blank()
	count := func(free bool) func(*view, *node) string {
		return func(_ *view, n *node) string { return strconv.Itoa(cpusThatAre(free, n)) }
	}
	p.table([]column{
		{"ID", "", 4, 0, text("NODE_ID")},
		{"CORES", "", 5, left | adjust, func(_ *view, n *node) string { return drawnCores(n) }},
		{"USED", "", 4, left, count(false)},
		{"FREE", "", 4, left, count(true)},
	}, nodes)
	loads := nodeLoads(n)
	seen := func(path string) func(*view, *node) string {
		return func(v *view, n *node) string {
			if load := loads[n.get("NODE_ID")]; load.has(path) {
				return kib(path)(v, load)
			}
			return "-"
		}
	}
	p.section("NUMA MEMORY")
	p.blank()
	p.table([]column{
		{"NODE_ID", "", 8, 0, text("NODE_ID")},
		{"TOTAL", "", 8, left, kib("MEMORY/TOTAL")},
		{"USED_REAL", "", 20, left, seen("MEMORY/USED")},
		{"USED_ALLOCATED", "", 20, left, kib("MEMORY/USAGE")},
		{"FREE", "", 8, left, seen("MEMORY/FREE")},
	}, nodes)
	p.hostPages(nodes, loads)
}

// nodeLoads are the monitored values of the nodes, by ID.
func nodeLoads(host *node) map[string]*node {
	loads := map[string]*node{}
	for _, load := range host.all("MONITORING/NUMA_NODE") {
		loads[load.get("NODE_ID")] = load
	}
	return loads
}

func (p *page) hostPages(nodes []*node, loads map[string]*node) {
	of, free := map[*node]string{}, map[*node]string{}
	var pages []*node
	for _, n := range nodes {
		for _, page := range n.all("HUGEPAGE") {
			of[page], free[page] = n.get("NODE_ID"), "-"
			pages = append(pages, page)
			for _, seen := range loads[n.get("NODE_ID")].all("HUGEPAGE") {
				if seen.get("SIZE") == page.get("SIZE") {
					free[page] = seen.get("FREE")
				}
			}
		}
	}
	if len(pages) == 0 {
		return
	}
	p.section("NUMA HUGEPAGES")
	p.blank()
	p.table([]column{
		{"NODE_ID", "", 8, 0, func(_ *view, page *node) string { return of[page] }},
		{"SIZE", "", 8, left, func(_ *view, page *node) string { return size(page.int("SIZE")/1024, 'M') }},
		{"TOTAL", "", 8, left, text("PAGES")},
		{"FREE", "", 8, left, func(_ *view, page *node) string { return free[page] }},
		{"USED", "", 8, left, text("USAGE")},
	}, pages)
}

func kib(path string) func(*view, *node) string {
	return func(_ *view, n *node) string { return size(n.int(path), 'K') }
}

// cpus lists, core by core, which VM has each CPU: -1 is free, -2 is isolated.
func cpus(core *node) (holders []string) {
	last := ""
	for entry := range strings.SplitSeq(core.get("CPUS"), ",") {
		if cpu, holder, ok := strings.Cut(entry, ":"); ok && cpu != last {
			holders, last = append(holders, holder), cpu
		}
	}
	return holders
}

func cpusThatAre(free bool, n *node) (count int) {
	for _, core := range n.all("CORE") {
		for _, holder := range cpus(core) {
			if (holder == "-1") == free {
				count++
			}
		}
	}
	return count
}

// drawnCores draws the CPUs of each core: - free, I isolated, x used, X used on a full core.
func drawnCores(n *node) string {
	var b strings.Builder
	for _, core := range n.all("CORE") {
		for _, holder := range cpus(core) {
			switch {
			case holder == "-1":
				b.WriteByte('-')
			case holder == "-2":
				b.WriteByte('I')
			case core.get("FREE") == "0":
				b.WriteByte('X')
			default:
				b.WriteByte('x')
			}
		}
		b.WriteByte(' ')
	}
	return b.String()
}
