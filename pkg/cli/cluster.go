package cli

import (
	"fmt"
	"strings"
)

func clusterNoun() *noun {
	n := &noun{
		name: "cluster", program: "onecluster", element: "CLUSTER", title: "cluster",
		method: "one.cluster.", pool: "one.clusterpool.info",
		defaults: strings.Fields("ID NAME HOSTS VNETS DATASTORES"),
		columns: []column{
			{"ID", "ONE identifier for the Cluster", 4, adjust, text("ID")},
			{"NAME", "Name of the Cluster", 15, left | expand, text("NAME")},
			{"HOSTS", "Number of Hosts", 10, 0, count("HOSTS/ID")},
			{"VNETS", "Number of Networks", 10, 0, count("VNETS/ID")},
			{"DATASTORES", "Number of Datastores", 10, 0, count("DATASTORES/ID")},
		},
		show: showCluster,
	}
	n.verbs = []verb{list(n), top(n), show(n), clusterCreate(), deleteVerb(n), rename(n), update(n, "TEMPLATE")}
	for _, kind := range [][2]string{{"host", "HOST"}, {"datastore", "DATASTORE"}, {"vnet", "VNET"}} {
		n.verbs = append(n.verbs,
			clusterMember("add"+kind[0], "Add a "+kind[0]+" to a cluster", kind[0], kind[1]),
			clusterMember("del"+kind[0], "Take a "+kind[0]+" out of a cluster", kind[0], kind[1]))
	}
	n.verbs = append(n.verbs,
		callWith("optimize", "creating optimization plan", "Plan how to spread the VMs better", "one.cluster.optimize"),
		callWith("planexecute", "cluster optimization started", "Carry the plan out", "one.cluster.planexecute"),
		callWith("plandelete", "plan deleted", "Drop the plan", "one.cluster.plandelete"))
	return n
}

func clusterCreate() verb {
	return verb{
		name: "create", short: "Create a cluster", args: []arg{word("name")},
		run: func(s *session, in *input) error { return s.makeOne(call("one.cluster.allocate", in.word(0))) },
	}
}

func clusterMember(name, short, label, element string) verb {
	return callWith(name, "updated", short, "one.cluster."+name, ref(label, element))
}

func showCluster(p *page, n *node) {
	p.form = "%-18s: %-20s"
	p.title("CLUSTER " + n.get("ID") + " INFORMATION")
	p.line("ID", n.get("ID"))
	p.line("NAME", n.get("NAME"))
	p.section("CLUSTER RESOURCES")
	p.clusterResources(n.texts("HOSTS/ID"))
	p.section("CLUSTER TEMPLATE")
	p.template(n.at("TEMPLATE"))
	p.ids("HOSTS", n.texts("HOSTS/ID"))
	p.ids("VNETS", n.texts("VNETS/ID"))
	p.ids("DATASTORES", n.texts("DATASTORES/ID"))
	p.plan(n)
}

// planStates are the names of the states of a plan and of its actions.
var planStates = []string{"READY", "APPLYING", "DONE", "ERROR", "TIMEOUT"}

func planState(n *node) string {
	if i := n.int("STATE"); i >= 0 && i < int64(len(planStates)) {
		return planStates[i]
	}
	return "-"
}

// plan shows which VMs will be migrated, and the state of each action.
func (p *page) plan(n *node) {
	plan := n.at("PLAN")
	if plan == nil {
		return
	}
	p.section("PLAN: " + planState(plan))
	p.table([]column{
		{"VM", "VM ID", 6, 0, text("VM_ID")},
		{"ACTION", "Action", 10, left, text("OPERATION")},
		{"HOST", "Host ID", 6, 0, text("HOST_ID")},
		{"DS", "Datastore ID", 6, 0, text("DS_ID")},
		{"STATE", "Action state", 8, 0, func(_ *view, a *node) string { return planState(a) }},
		{"START_TIME", "Action start time", 16, 0, func(_ *view, a *node) string { return stamp(a.int("TIMESTAMP")) }},
	}, plan.all("ACTION"))
}

// clusterResources adds up the capacity of the hosts: CPUs, and memory in GiB.
func (p *page) clusterResources(ids []string) {
	if len(ids) == 0 {
		return
	}
	pool, err := p.session.objects(hostNoun())
	if err != nil {
		p.session.report(err)
		return
	}
	in := map[string]bool{}
	for _, id := range ids {
		in[id] = true
	}
	var cpus, usedCPUs, memory, usedMemory int64
	for _, host := range pool {
		if !in[host.get("ID")] {
			continue
		}
		cpus += host.int("HOST_SHARE/TOTAL_CPU") / 100
		usedCPUs += host.int("HOST_SHARE/CPU_USAGE") / 100
		memory += host.int("HOST_SHARE/TOTAL_MEM") / 1024 / 1024
		usedMemory += host.int("HOST_SHARE/MEM_USAGE") / 1024 / 1024
	}
	fmt.Fprintf(p.out, "TOTAL CPUs: %d\nOCCUPIED CPUs: %d\nAVAILABLE CPUs: %d\n\n", cpus, usedCPUs, cpus-usedCPUs)
	fmt.Fprintf(p.out, "TOTAL RAM: %d\nOCCUPIED RAM: %d\nAVAILABLE RAM: %d\n", memory, usedMemory, memory-usedMemory)
}
