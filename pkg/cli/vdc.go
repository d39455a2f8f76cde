package cli

import (
	"strconv"
	"strings"
)

// allResources stands for all objects of a kind in a zone.
const allResources = "-10"

func vdcNoun() *noun {
	n := &noun{
		name: "vdc", program: "onevdc", element: "VDC", title: "VDC",
		method: "one.vdc.", pool: "one.vdcpool.info",
		defaults: strings.Fields("ID NAME GROUPS CLUSTERS HOSTS VNETS DATASTORES"),
		columns: []column{
			{"ID", "ONE identifier for the VDC", 4, adjust, text("ID")},
			{"NAME", "Name of the VDC", 15, left | expand, text("NAME")},
			{"GROUPS", "Number of Groups", 8, 0, count("GROUPS/ID")},
			{"CLUSTERS", "Number of Clusters", 10, 0, resourceCount("CLUSTER")},
			{"HOSTS", "Number of Hosts", 10, 0, resourceCount("HOST")},
			{"VNETS", "Number of Networks", 10, 0, resourceCount("VNET")},
			{"DATASTORES", "Number of Datastores", 10, 0, resourceCount("DATASTORE")},
		},
		show: showVDC,
	}
	n.verbs = []verb{
		list(n), show(n), vdcCreate(), deleteVerb(n), rename(n), update(n, "TEMPLATE"),
		vdcGroup(n, "addgroup", "group added", "Let a group use what a VDC has"),
		vdcGroup(n, "delgroup", "group deleted", "Take a group out of a VDC"),
	}
	for _, kind := range []string{"cluster", "host", "datastore", "vnet"} {
		n.verbs = append(n.verbs,
			vdcResource(n, "add"+kind, kind+" added", "Add a "+kind+" to a VDC", kind),
			vdcResource(n, "del"+kind, kind+" deleted", "Take a "+kind+" out of a VDC", kind))
	}
	return n
}

// resourceCount is the number of resources of a kind in a VDC, or ALL for all of a zone.
func resourceCount(kind string) func(*view, *node) string {
	return func(_ *view, n *node) string {
		list := n.all(kind + "S/" + kind)
		if len(list) == 1 && list[0].get(kind+"_ID") == allResources {
			return "ALL"
		}
		return strconv.Itoa(len(list))
	}
}

func vdcCreate() verb {
	return verb{
		name: "create", short: "Create a VDC", args: []arg{word("name")},
		run: func(s *session, in *input) error {
			return s.makeOne(call("one.vdc.allocate", "NAME = \""+in.word(0)+"\""))
		},
	}
}

func vdcGroup(n *noun, name, done, short string) verb {
	return action(name, done, short, func(in *input, id int) (request, error) {
		return call(n.method+name, id, in.number(1, -1)), nil
	}, ref("group", "GROUP"))
}

func vdcResource(n *noun, name, done, short, kind string) verb {
	v := action(name, done, short, nil, word("zone"), word(kind))
	return v.explained(short + ". " + kind + " is an ID, or ALL for all of the zone; in this zone also a name.").
		running(func(s *session, in *input) error {
			zone, err := s.find(zoneNoun(), in.word(1))
			if err != nil {
				return err
			}
			resource, _ := strconv.Atoi(allResources)
			if !strings.EqualFold(in.word(2), "ALL") {
				if resource, err = s.find(nounOf(strings.ToUpper(kind)), in.word(2)); err != nil {
					return err
				}
			}
			return s.each(in, done, func(id int) error {
				_, err := s.call(call(n.method+name, id, zone, resource))
				return err
			})
		})
}

func showVDC(p *page, n *node) {
	p.form = "%-18s: %-20s"
	p.title("VDC " + n.get("ID") + " INFORMATION")
	p.line("ID", n.get("ID"))
	p.line("NAME", n.get("NAME"))
	if groups := n.all("GROUPS/ID"); len(groups) > 0 {
		p.blank()
		p.table([]column{{"GROUPS", "", 7, 0, func(_ *view, n *node) string { return n.text }}}, groups)
	}
	for _, kind := range []string{"CLUSTER", "HOST", "DATASTORE", "VNET"} {
		list := n.all(kind + "S/" + kind)
		if len(list) == 0 {
			continue
		}
		p.section(kind + "S")
		p.table([]column{{"ZONE", "", 7, 0, text("ZONE_ID")}, {kind, "", 9, 0, resourceID(kind)}}, list)
	}
	p.section("VDC TEMPLATE")
	p.template(n.at("TEMPLATE"))
}

func resourceID(kind string) func(*view, *node) string {
	return func(_ *view, n *node) string {
		if id := n.get(kind + "_ID"); id != allResources {
			return id
		}
		return "ALL"
	}
}
