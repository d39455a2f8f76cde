package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/renkei-vpe/renkei/pkg/one"
)

func vnetNoun() *noun {
	n := &noun{
		name: "vnet", program: "onevnet", element: "VNET", title: "virtual network",
		method: "one.vn.", pool: "one.vnpool.info", scoped: true,
		columns: vnetColumns(), defaults: strings.Fields("ID USER GROUP NAME CLUSTERS BRIDGE STATE LEASES OUTDATED ERROR"),
		show: showVNet,
	}
	n.verbs = slices.Concat(
		[]verb{list(n), top(n), vnetShow(n), createInCluster(n), deleteVerb(n), rename(n), update(n, "TEMPLATE"), vnetRecover()},
		vnetRangeVerbs(), vnetLeaseVerbs(), []verb{orphans(n, "NIC", "NETWORK", func(*node) bool { return false })}, ownedVerbs(n), lockVerbs(n, "VNet"),
	)
	return n
}

// createInCluster is the create verb of objects that have a template and a cluster.
func createInCluster(n *noun) verb {
	return create(n, templateOptions{}, func(f *pflag.FlagSet) {
		f.StringP("cluster", "c", "", "cluster to put it into, by ID or name")
	}, func(s *session, in *input, text string) (request, error) {
		cluster, err := s.option(in, "cluster", "CLUSTER", -1)
		return call(n.method+"allocate", text, cluster), err
	})
}

func vnetShow(n *noun) verb {
	v := show(n)
	common := v.flags
	return v.with(func(f *pflag.FlagSet) {
		common(f)
		f.Bool("show-ar", false, "also the template of each address range")
	})
}

func vnetRecover() verb {
	return action("recover", "recovering", "End a stuck operation of networks",
		func(in *input, id int) (request, error) {
			for result, name := range []string{"failure", "success", "delete", "retry"} {
				if in.bool(name) {
					return call("one.vn.recover", id, result), nil
				}
			}
			return request{}, fmt.Errorf("say how the operation ended: --success, --failure, --retry or --delete")
		}).with(func(f *pflag.FlagSet) {
		f.Bool("success", false, "it succeeded")
		f.Bool("failure", false, "it failed")
		f.Bool("retry", false, "try it again")
		f.Bool("delete", false, "give the network up")
	})
}

func vnetColumns() []column {
	return []column{
		{"ID", "ONE identifier for Virtual Network", 4, adjust, text("ID")},
		{"USER", "Username of the Virtual Network owner", 8, left, ownerName},
		{"GROUP", "Group of the Virtual Network", 8, left, groupName},
		{"NAME", "Name of the Virtual Network", 15, left | expand, text("NAME")},
		{"CLUSTERS", "Cluster IDs", 10, left, idList("CLUSTERS/ID")},
		{"BRIDGE", "Bridge associated to the Virtual Network", 8, left | expand, text("BRIDGE")},
		{"STATE", "State of the Virtual Network", 6, left | expand, func(_ *view, n *node) string { return vnetState(n).Short() }},
		{"LEASES", "Number of this Virtual Networks given leases", 6, 0, text("USED_LEASES")},
		{"UPDATED", "Number of VMs with updated VN attributes", 4, 0, count("UPDATED_VMS/ID")},
		{"OUTDATED", "Number of VMs with outdated VN attributes", 4, 0, count("OUTDATED_VMS/ID")},
		{"ERROR", "Number of VMs that failed to update VN attributes", 4, 0, count("ERROR_VMS/ID")},
	}
}

func vnetState(n *node) one.VNetState { return one.VNetState(n.int("STATE")) }

func showVNet(p *page, n *node) {
	p.form = "%-25s: %-20s"
	p.title("VIRTUAL NETWORK " + n.get("ID") + " INFORMATION")
	p.line("ID", n.get("ID"))
	p.line("NAME", n.get("NAME"))
	p.line("USER", n.get("UNAME"))
	p.line("GROUP", n.get("GNAME"))
	p.line("LOCK", lockLevel(n.get("LOCK/LOCKED")))
	p.line("CLUSTERS", idsOf(n.texts("CLUSTERS/ID")))
	p.line("BRIDGE", n.get("BRIDGE"))
	p.line("STATE", vnetState(n).String())
	p.lineIf("VN_MAD", n.get("VN_MAD"))
	p.lineIf("PHYSICAL DEVICE", n.get("PHYDEV"))
	p.lineIf("VLAN ID", n.get("VLAN_ID"))
	p.line("AUTOMATIC VLAN ID", strings.ToUpper(yesNo(n.get("VLAN_ID_AUTOMATIC"))))
	p.lineIf("OUTER VLAN ID", n.get("OUTER_VLAN_ID"))
	p.line("AUTOMATIC OUTER VLAN ID", strings.ToUpper(yesNo(n.get("OUTER_VLAN_ID_AUTOMATIC"))))
	p.line("USED LEASES", n.get("USED_LEASES"))
	p.blank()
	p.permissions(n)
	p.section("VIRTUAL NETWORK TEMPLATE")
	p.template(n.at("TEMPLATE"))
	p.addressRanges(n)
	p.leases(n)
	p.ids("VIRTUAL ROUTERS", n.texts("VROUTERS/ID"))
	p.section("VIRTUAL MACHINES")
	p.form = "%-15s: %-20s"
	p.line("UPDATED", strings.Join(n.texts("UPDATED_VMS/ID"), ","))
	p.line("OUTDATED", strings.Join(n.texts("OUTDATED_VMS/ID"), ","))
	p.line("ERROR", strings.Join(n.texts("ERROR_VMS/ID"), ","))
	for _, ar := range n.all("AR_POOL/AR") {
		if p.ars {
			p.section("TEMPLATE FOR AR " + ar.get("AR_ID"))
			p.template(ar.without("LEASES", "USED_LEASES"))
		}
	}
}

func (p *page) addressRanges(n *node) {
	p.section("ADDRESS RANGE POOL")
	p.form = "%-15s: %-20s"
	for _, ar := range n.all("AR_POOL/AR") {
		p.title("AR " + ar.get("AR_ID"))
		p.line("SIZE", ar.get("SIZE"))
		p.line("LEASES", ar.get("USED_LEASES"))
		p.lineIf("VN_MAD", ar.get("VN_MAD"))
		p.lineIf("IPAM_MAD", ar.get("IPAM_MAD"))
		p.blank()
		form := "%-10s %34s %34s"
		fmt.Fprintln(p.out, p.paint.section(fmt.Sprintf(form, "RANGE", "FIRST", "LAST")))
		for _, kind := range []string{"MAC", "IP", "IP6_GLOBAL", "IP6_ULA", "IP6"} {
			if ar.has(kind) {
				fmt.Fprintf(p.out, form+"\n", kind, ar.get(kind), ar.get(kind+"_END"))
			}
		}
		p.blank()
	}
}

func (p *page) leases(n *node) {
	p.section("LEASES")
	var rows []*node
	for _, ar := range n.all("AR_POOL/AR") {
		for _, lease := range ar.all("LEASES/LEASE") {
			row := lease.without()
			row.kids = append(row.kids, &node{name: "AR_ID", text: ar.get("AR_ID")})
			rows = append(rows, row)
		}
	}
	p.table([]column{
		{"AR", "", 3, left, text("AR_ID")},
		{"OWNER", "", 10, left, leaseOwner},
		{"MAC", "", 5, adjust, text("MAC")},
		{"IP", "", 5, adjust, textOr("IP", "-")},
		{"PORT_FORWARD", "", 5, adjust, leasePorts},
		{"IP6", "", 5, adjust, func(_ *view, l *node) string { return l.or("IP6", l.or("IP6_GLOBAL", "-")) }},
	}, rows)
}

// leaseOwner is a VM, a network (reservation) or a virtual router.
func leaseOwner(_ *view, lease *node) string {
	for _, kind := range []string{"VM", "VNET", "VROUTER"} {
		if lease.has(kind) {
			return map[string]string{"VM": "V", "VNET": "N", "VROUTER": "R"}[kind] + ":" + lease.get(kind)
		}
	}
	return ""
}

func leasePorts(_ *view, lease *node) string {
	if !lease.has("EXTERNAL_PORT_RANGE") {
		return "-"
	}
	internal, _, _ := strings.Cut(lease.get("INTERNAL_PORT_RANGE"), "/")
	return "[" + lease.get("EXTERNAL_PORT_RANGE") + "]:[" + internal + "]"
}
