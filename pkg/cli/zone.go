package cli

import "strings"

func zoneNoun() *noun {
	n := &noun{
		name: "zone", program: "onezone", element: "ZONE", title: "zone",
		method: "one.zone.", pool: "one.zonepool.info",
		defaults: strings.Fields("CURRENT ID NAME ENDPOINT FED_INDEX STAT"),
		columns: []column{
			{"CURRENT", "Active Zone", 1, 0, func(v *view, n *node) string {
				if n.get("TEMPLATE/ENDPOINT") == v.session.client.Endpoint() {
					return "*"
				}
				return ""
			}},
			{"ID", "ONE identifier for the Zone", 4, adjust, text("ID")},
			{"NAME", "Name of the Zone", 15, left | expand, text("NAME")},
			{"ENDPOINT", "Endpoint of the Zone", 45, left, text("TEMPLATE/ENDPOINT")},
			{"FED_INDEX", "Federation index", 10, left, federationIndex},
			{"STAT", "Zone status", 4, left, func(_ *view, n *node) string { return zoneState(n, "on", "off") }},
		},
		show: showZone,
	}
	n.verbs = append([]verb{list(n), show(n)}, zoneVerbs(n)...)
	return n
}

// federationIndex asks the zone's own endpoint for its index in the federation's log.
func federationIndex(v *view, n *node) string {
	status, err := v.session.at(n.get("TEMPLATE/ENDPOINT"), call("one.zone.raftstatus"))
	if err != nil {
		return "-"
	}
	return status.get("FEDLOG_INDEX")
}

func zoneState(n *node, enabled, disabled string) string {
	if n.get("STATE") == "1" {
		return disabled
	}
	return enabled
}

func showZone(p *page, n *node) {
	p.form = "%-18s: %-20s"
	p.title("ZONE " + n.get("ID") + " INFORMATION")
	p.line("ID", n.get("ID"))
	p.line("NAME", n.get("NAME"))
	p.line("STATE", zoneState(n, "ENABLED", "DISABLED"))
	p.blank()
	if servers := n.all("SERVER_POOL/SERVER"); len(servers) > 0 {
		p.section("ZONE SERVERS")
		p.table([]column{
			{"ID", "", 2, 0, text("ID")},
			{"NAME", "", 15, left, text("NAME")},
			{"ENDPOINT", "", 63, left, text("ENDPOINT")},
		}, servers)
	}
	p.section("ZONE TEMPLATE")
	p.template(n.at("TEMPLATE"))
}
