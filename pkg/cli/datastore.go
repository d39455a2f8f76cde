package cli

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/one"
)

func datastoreNoun() *noun {
	n := &noun{
		name: "datastore", program: "onedatastore", element: "DATASTORE", title: "datastore",
		method: "one.datastore.", pool: "one.datastorepool.info",
		columns: datastoreColumns(), defaults: strings.Fields("ID NAME SIZE AVAIL CLUSTERS IMAGES TYPE DS TM STAT"),
		show: showDatastore,
	}
	n.verbs = slices.Concat(
		[]verb{list(n), top(n), show(n), createInCluster(n), deleteVerb(n), rename(n), update(n, "TEMPLATE")},
		enableVerbs(n), ownedVerbs(n),
	)
	return n
}

func datastoreType(n *node) one.DatastoreType { return one.DatastoreType(n.int("TYPE")) }

func datastoreState(n *node) one.DatastoreState { return one.DatastoreState(n.int("STATE")) }

// isLocal tells whether each host has its own storage for this datastore, so that it has no
// single capacity.
func isLocal(n *node) bool { return strings.EqualFold(n.get("TEMPLATE/SHARED"), "NO") }

func datastoreColumns() []column {
	return []column{
		{"ID", "ONE identifier for the Datastore", 4, adjust, text("ID")},
		{"USER", "Username of the Datastore owner", 8, left, ownerName},
		{"GROUP", "Group of the Datastore", 8, left, groupName},
		{"NAME", "Name of the Datastore", 10, left | expand, text("NAME")},
		{"SIZE", "Total Datastore size", 6, 0, func(_ *view, n *node) string { return datastoreSize(n, "TOTAL_MB") }},
		{"AVAIL", "Free Datastore size (%)", 3, left, datastoreFree},
		{"CLUSTERS", "Cluster IDs", 8, left, idList("CLUSTERS/ID")},
		{"IMAGES", "Number of Images", 6, 0, count("IMAGES/ID")},
		{"TYPE", "Datastore type", 4, left, func(_ *view, n *node) string { return datastoreType(n).Short() }},
		{"DS", "Datastore driver", 7, left, text("DS_MAD")},
		{"TM", "Transfer driver", 7, left, text("TM_MAD")},
		{"STAT", "State of the Datastore", 4, left, func(_ *view, n *node) string { return datastoreState(n).Short() }},
	}
}

func datastoreSize(n *node, path string) string {
	if isLocal(n) {
		return "-"
	}
	return size(n.int(path), 'M')
}

func datastoreFree(_ *view, n *node) string {
	if n.int("TOTAL_MB") == 0 {
		return "-"
	}
	return fmt.Sprintf("%d%%", int(math.Round(n.float("FREE_MB")/n.float("TOTAL_MB")*100)))
}

func showDatastore(p *page, n *node) {
	p.title("DATASTORE " + n.get("ID") + " INFORMATION")
	p.line("ID", n.get("ID"))
	p.line("NAME", n.get("NAME"))
	p.line("USER", n.get("UNAME"))
	p.line("GROUP", n.get("GNAME"))
	p.line("CLUSTERS", idsOf(n.texts("CLUSTERS/ID")))
	p.line("TYPE", strings.TrimSuffix(datastoreType(n).String(), "_DS"))
	p.line("DS_MAD", n.get("DS_MAD"))
	p.line("TM_MAD", n.get("TM_MAD"))
	p.line("BASE PATH", n.get("BASE_PATH"))
	p.line("DISK_TYPE", one.DiskType(n.int("DISK_TYPE")).String())
	p.line("STATE", datastoreState(n).String())
	p.section("DATASTORE CAPACITY")
	p.line("TOTAL:", datastoreSize(n, "TOTAL_MB"))
	p.line("FREE:", datastoreSize(n, "FREE_MB"))
	p.line("USED: ", datastoreSize(n, "USED_MB"))
	limit := "-"
	if n.has("TEMPLATE/LIMIT_MB") {
		limit = datastoreSize(n, "TEMPLATE/LIMIT_MB")
	}
	p.line("LIMIT:", limit)
	p.blank()
	p.permissions(n)
	p.section("DATASTORE TEMPLATE")
	p.template(n.at("TEMPLATE"))
	p.ids("IMAGES", n.texts("IMAGES/ID"))
}
