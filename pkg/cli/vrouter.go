package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"
)

func vrouterNoun() *noun {
	n := &noun{
		name: "vrouter", program: "onevrouter", element: "VROUTER", title: "virtual router",
		method: "one.vrouter.", pool: "one.vrouterpool.info", scoped: true,
		defaults: strings.Fields("ID USER GROUP NAME"),
		columns: []column{
			{"ID", "ONE identifier for the Virtual Router", 4, adjust, text("ID")},
			{"NAME", "Name of the Virtual Router", 15, left | expand, text("NAME")},
			{"USER", "Username of the Virtual Router owner", 8, left, ownerName},
			{"GROUP", "Group of the Virtual Router", 8, left, groupName},
		},
		show: showVRouter,
	}
	n.verbs = slices.Concat([]verb{
		list(n), top(n), showAll(n), vrouterCreate(n), vrouterInstantiate(), deleteVerb(n), rename(n), update(n, "TEMPLATE"),
		vrouterNICAttach(), callWith("nic-detach", "Detach NIC", "Detach a network device from a router and its VMs",
			"one.vrouter.detachnic", number("nic id")),
	}, ownedVerbs(n), lockVerbs(n, "VRouter"))
	return n
}

func vrouterCreate(n *noun) verb {
	return create(n, templateOptions{}, nil, func(_ *session, _ *input, text string) (request, error) {
		return call("one.vrouter.allocate", text), nil
	})
}

func vrouterInstantiate() verb {
	return verb{
		name: "instantiate", short: "Create the VMs of a virtual router",
		long: `Create the VMs of a virtual router from a VM template. They have the network
devices of the router; a file, the input, or options change the rest.`,
		args: []arg{object, ref("template", "VMTEMPLATE"), file},
		flags: func(f *pflag.FlagSet) {
			f.String("name", "", "name of the VMs; %i becomes their number, from 0")
			f.IntP("multiple", "m", 1, "how many VMs to create")
			f.Bool("hold", false, "create them on hold in place of pending")
			listFlag(f, "user-inputs", "", "answers to the questions of the template, as KEY=value")
			vmDeviceFlags(f)
		},
		run: func(s *session, in *input) error {
			if in.int("multiple") < 1 {
				return fmt.Errorf("--multiple %d: give at least 1", in.int("multiple"))
			}
			template := in.number(1, -1)
			extra, err := s.instanceTemplate(in, template, in.word(2))
			if err != nil {
				return err
			}
			_, err = s.call(call("one.vrouter.instantiate", in.id(), in.int("multiple"), template, in.text("name"), in.bool("hold"), extra))
			if err == nil {
				s.tell(in.noun, in.id(), "instantiated")
			}
			return err
		},
	}
}

func vrouterNICAttach() verb {
	return fromOptions("nic-attach", "Attach NIC", "Attach a network device to a router and its VMs", "one.vrouter.attachnic",
		func(f *pflag.FlagSet) {
			f.StringP("network", "n", "", "network to attach to, by ID or name")
			f.StringP("ip", "i", "", "address to ask for")
			f.Bool("float", false, "the address floats between the VMs")
		}, vrouterNIC)
}

func vrouterNIC(s *session, in *input) (string, error) {
	if !in.given("network") {
		return "", nil
	}
	network, err := s.option(in, "network", "VNET", -1)
	if err != nil {
		return "", err
	}
	text := fmt.Sprintf("NIC = [ NETWORK_ID = %d", network)
	if in.given("ip") {
		text += ", IP = " + in.text("ip")
	}
	if in.bool("float") {
		text += `, FLOATING_IP ="yes"`
	}
	return text + " ]", nil
}

func showVRouter(p *page, n *node) {
	p.title("VIRTUAL ROUTER " + n.get("ID") + " INFORMATION")
	p.line("ID", n.get("ID"))
	p.line("NAME", n.get("NAME"))
	p.line("USER", n.get("UNAME"))
	p.line("GROUP", n.get("GNAME"))
	p.line("LOCK", lockLevel(n.get("LOCK/LOCKED")))
	p.blank()
	p.permissions(n)
	if nics := n.all("TEMPLATE/NIC"); len(nics) > 0 {
		p.section("VIRTUAL ROUTER NICS")
		p.table([]column{
			{"ID", "", 3, 0, text("NIC_ID")},
			{"NETWORK", "", 20, left, text("NETWORK")},
			{"MANAGEMENT", "", 10, left, text("VROUTER_MANAGEMENT")},
			{"IP", "", 15, left | adjust, text("IP")},
		}, routerNICs(nics))
	}
	template := n.at("TEMPLATE")
	if !p.all {
		template = template.without("NIC")
	}
	p.section("TEMPLATE CONTENTS")
	p.template(template)
	p.ids("VIRTUAL MACHINES", n.texts("VMS/ID"))
}

// routerNICs are the lines of the table: one for each NIC, and one for each further address of
// a NIC with floating addresses. Other further addresses belong to the VMs.
func routerNICs(nics []*node) (lines []*node) {
	for _, nic := range nics {
		line := nodeOf("NIC_ID", nic.get("NIC_ID"), "NETWORK", nic.or("NETWORK", "-"),
			"VROUTER_MANAGEMENT", nic.or("VROUTER_MANAGEMENT", "NO"))
		if !strings.EqualFold(nic.get("FLOATING_IP"), "YES") {
			lines = append(lines, line.with("IP", "-"))
			continue
		}
		lines = append(lines, line.with("IP", nic.or("IP", "-")))
		for _, address := range []string{"IP6_LINK", "IP6_ULA", "IP6_GLOBAL"} {
			if nic.has(address) {
				lines = append(lines, nodeOf("IP", nic.get(address)))
			}
		}
	}
	return lines
}
