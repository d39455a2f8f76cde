package rvpe

import (
	"fmt"
	"strings"
)

func vnetProgram() program {
	return program{
		name: "rvpevnet", purpose: "virtual networks",
		about: []string{
			"The administrator says which DNS and NTP servers the VMs of a network are told,",
			"and which leases it has. Everybody may look at that. <zone_name> is a name or an",
			"ID, <vnet_name> the name of a network in that zone; where it may be left out, all",
			"networks of the zone are meant.",
		},
		options:  []option{verboseOption, xmlOption, helpOption},
		commands: vnetCommands(),
	}
}

func vnetCommands() []command {
	const oneNet, someNets = "<zone_name> <vnet_name> ", "<zone_name> [ <vnet_name> ... ]"
	const someServers = " [ <server_name> ... ]"
	return []command{
		{"adddns", oneNet + "<dns_server_name>" + someServers, 3, []string{"Add DNS servers."}, changeServers("vn.add_dns", "added to")},
		{"removedns", oneNet + "<dns_server_name>" + someServers, 3, []string{"Remove DNS servers."}, changeServers("vn.remove_dns", "removed from")},
		{"listdns", someNets, 1, []string{"List DNS servers."}, eachVnet(listServers("DNS"), "\n")},
		{"addntp", oneNet + "<ntp_server_name>" + someServers, 3, []string{"Add NTP servers."}, changeServers("vn.add_ntp", "added to")},
		{"removentp", oneNet + "<ntp_server_name>" + someServers, 3, []string{"Remove NTP servers."}, changeServers("vn.remove_ntp", "removed from")},
		{"listntp", someNets, 1, []string{"List NTP servers."}, eachVnet(listServers("NTP"), "\n")},
		{"addlease", oneNet + "<lease_name> <lease_address>", 4, []string{"Add a lease to a network."}, vnetAddLease},
		{"removelease", oneNet + "<lease_name>", 3, []string{"Remove a lease from a network."}, vnetRemoveLease},
		{"leases", "[ -v ] " + someNets, 1, []string{"List leases."}, eachVnet(listLeases, "\n")},
		{"show", "[ -x ] [ -v ] " + someNets, 1, []string{"Show networks."}, eachVnet(printVnet, "")},
		{"list", "[ -x ] [ -v ]", 0, []string{"List all networks."}, lister("vn.pool", "VNET", vnetColumns())},
	}
}

func vnetColumns() []column {
	return []column{
		idColumn(),
		{"NAME", 30, false, (*node).label},
		{"ZONE", 20, false, text("ZONE")},
	}
}

// changeServers adds servers to a network or removes them, all in one call.
func changeServers(method, how string) func(*session, []string) error {
	return func(s *session, args []string) error {
		id, err := s.oneInZone(zoneNetworks, args[0], args[1])
		if err != nil {
			return err
		}
		servers := strings.Join(args[2:], " ")
		if _, err := s.call(method, id, servers); err != nil {
			return err
		}
		s.say("Server[%s] %s VirtualNetwork[%s::%s].", servers, how, args[0], args[1])
		return nil
	}
}

func vnetAddLease(s *session, args []string) error {
	return changeLeases(s, "vn.add_lease", args[:2], args[2:4], fmt.Sprintf("%s(%s) added to", args[2], args[3]))
}

func vnetRemoveLease(s *session, args []string) error {
	return changeLeases(s, "vn.remove_lease", args[:2], args[2:3], args[2]+" removed from")
}

func changeLeases(s *session, method string, net, lease []string, done string) error {
	id, err := s.oneInZone(zoneNetworks, net[0], net[1])
	if err != nil {
		return err
	}
	call := []any{id}
	for _, word := range lease {
		call = append(call, word)
	}
	if _, err := s.call(method, call...); err != nil {
		return err
	}
	s.say("%s VirtualNetwork[%s::%s].", done, net[0], net[1])
	return nil
}

// eachVnet prints each of the given networks, and something after the last.
func eachVnet(print func(s *session, vnet *node), end string) func(*session, []string) error {
	return func(s *session, args []string) error {
		ids, err := s.inZone(zoneNetworks, args[0], args[1:])
		if err != nil {
			return err
		}
		for _, id := range ids {
			vnet, err := s.document("vn.info", id)
			if err != nil {
				return err
			}
			print(s, vnet)
		}
		s.print(end)
		return nil
	}
}

func listServers(kind string) func(*session, *node) {
	return func(s *session, vnet *node) {
		s.heading("NETWORK - " + vnet.label())
		s.servers(vnet, kind)
	}
}

// servers prints the servers of a kind, one per line.
func (s *session) servers(vnet *node, kind string) {
	list := strings.Fields(vnet.get(kind))
	label := kind + " SERVER"
	switch len(list) {
	case 0:
		list = []string{""}
	case 1:
	default:
		label += "S"
	}
	for _, server := range list {
		s.fields().put(label, server)
		label = ""
	}
}

func listLeases(s *session, vnet *node) { s.leases(vnet, " - "+vnet.label()) }

// vnetLease are the columns of a network's leases, vnetLeaseVerbose those with -v. They are
// never truncated.
const (
	vnetLease        = "%30s %15s %17s"
	vnetLeaseVerbose = "%4s " + vnetLease + " %4s %4s"
)

func (s *session) leases(vnet *node, suffix string) {
	s.heading("VIRTUAL HOST LEASES" + suffix)
	s.print(bold + underline + s.leaseLine("ID", "NAME", "IP", "MAC", "USED", "VID") + plain + "\n")
	for _, l := range vnet.all("LEASES/LEASE") {
		name := l.label()
		if l.int("ASSIGNED_TO_UID") >= 0 {
			name = "(+) " + name
		}
		s.puts(s.leaseLine(l.id(), name, l.get("IP"), l.get("MAC"), l.get("USED"), l.get("VID")))
	}
}

func (s *session) leaseLine(id, name, ip, mac, used, vid string) string {
	if s.verbose {
		return fmt.Sprintf(vnetLeaseVerbose, id, name, ip, mac, used, vid)
	}
	return fmt.Sprintf(vnetLease, name, ip, mac)
}

func printVnet(s *session, n *node) {
	if s.xml {
		s.puts(n.String())
		return
	}
	s.heading("VIRTUAL NETWORK INFORMATION")
	f := s.fields()
	f.more("ID", n.id())
	if s.verbose {
		f.put("NAME", n.label())
		f.put("ZONE NAME", n.get("ZONE"))
		f.put("UNIQUE NAME", n.get("UNIQUE_NAME"))
	} else {
		f.put("NAME", n.get("UNIQUE_NAME"))
	}
	f.put("DESCRIPTION", n.get("DESCRIPTION"))
	s.puts("")
	showParameters(s, n)
	s.puts("")
	s.leases(n, "")
	s.print("\n\n")
}

func showParameters(s *session, n *node) {
	s.heading("NETWORK PARAMETERS")
	f := s.fields()
	f.put("ADDRESS", n.get("ADDRESS"))
	f.put("NETMASK", n.get("NETMASK"))
	f.put("GATEWAY", n.get("GATEWAY"))
	s.servers(n, "DNS")
	s.servers(n, "NTP")
	f.more("HOST IF", n.get("HOST_INTERFACE"))
}
