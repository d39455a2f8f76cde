package bridge

import (
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/attr"
)

// family is one of the two programs and protocols: iptables and ip6tables.
type family struct {
	tool string
	v6   bool
}

var families = []family{{"iptables", false}, {"ip6tables", true}}

// global is the chain that all packets of bridges pass.
const global = "opennebula"

// card is a NIC with everything that its rules depend on.
type card struct {
	chain, tap string
	mac        string       // packets with others are dropped; "" if none are
	addresses  []netip.Addr // packets with others are dropped, if spoofing is filtered
	ownOnly    bool
	rules      []*attr.Attr // nil allows everything
	open       bool         // there are no security groups
}

func chainOf(vm drivers.VM, nic drivers.NIC) string { return fmt.Sprintf("one-%d-%d", vm.ID, nic.ID) }

// tapOf is the name of the NIC's interface on the host.
func tapOf(vm drivers.VM, nic drivers.NIC) (string, error) {
	tap := nic.Attrs.Get("TARGET")
	if tap == "" {
		tap = chainOf(vm, nic)
	}
	if !linkName.MatchString(tap) {
		return "", fmt.Errorf("NIC %d: %q cannot be the name of a network device", nic.ID, tap)
	}
	return tap, nil
}

func cardOf(vm drivers.VM, nic drivers.NIC) (card, error) {
	tap, err := tapOf(vm, nic)
	if err != nil {
		return card{}, err
	}
	c := card{chain: chainOf(vm, nic), tap: tap}
	if yes, _ := nic.Attrs.Bool("FILTER_MAC_SPOOFING"); yes {
		mac, err := net.ParseMAC(nic.Attrs.Get("MAC"))
		if err != nil {
			return c, fmt.Errorf("NIC %d: %w", nic.ID, err)
		}
		c.mac = mac.String()
	}
	if c.ownOnly, _ = nic.Attrs.Bool("FILTER_IP_SPOOFING"); c.ownOnly {
		c.addresses = addressesOf(vm, nic)
	}
	groups, some := nic.Attrs.Lookup("SECURITY_GROUPS")
	c.open = !some
	for _, rule := range vm.Template.Vectors("SECURITY_GROUP_RULE") {
		if slices.Contains(strings.Split(groups, ","), rule.Get("SECURITY_GROUP_ID")) {
			c.rules = append(c.rules, rule)
		}
	}
	return c, nil
}

// addressesOf lists the source addresses that a NIC may use: its own, those of its aliases and
// the floating ones of its virtual router.
func addressesOf(vm drivers.VM, nic drivers.NIC) []netip.Addr {
	cards := []*attr.Attr{&nic.Attrs}
	for _, alias := range vm.Template.Vectors("NIC_ALIAS") {
		if id, ok := alias.Int("PARENT_ID"); ok && id == nic.ID {
			cards = append(cards, alias)
		}
	}
	var list []netip.Addr
	for _, c := range cards {
		for _, key := range []string{"IP", "IP6", "IP6_LINK", "IP6_ULA", "IP6_GLOBAL"} {
			for _, prefix := range []string{"", "VROUTER_"} {
				if a, err := netip.ParseAddr(c.Get(prefix + key)); err == nil {
					list = append(list, a)
				}
			}
		}
	}
	return list
}

// install answers the iptables-restore lines that create the NIC's rules; have are the existing
// rules.
func (c card) install(f family, have []string) ([]string, error) {
	in, out, own := c.chain+"-i", c.chain+"-o", c.chain+"-s"
	var lines []string
	if !slices.Contains(have, "-N "+global) {
		lines = append(lines, ":"+global+" - [0:0]",
			"-A FORWARD -m physdev --physdev-is-bridged -j "+global, "-A "+global+" -j ACCEPT")
	}
	for _, chain := range []string{in, out, own} { // declaring a chain empties it
		lines = append(lines, ":"+chain+" - [0:0]")
	}
	lines = append(lines, c.spoofing(f, out, own)...)
	lines = append(lines, neighbours(f, in, out)...)
	for _, chain := range []string{in, out} {
		lines = append(lines, "-A "+chain+" -m conntrack --ctstate ESTABLISHED,RELATED -j RETURN")
	}
	allowed, err := c.allowed(f, in, out)
	if err != nil {
		return nil, err
	}
	lines = append(lines, allowed...)
	lines = append(lines, "-A "+in+" -j DROP", "-A "+out+" -j DROP")
	return append(lines, c.jumps(in, out, have)...), nil
}

// jumps answers the missing rules that lead packets of the NIC into its chains.
func (c card) jumps(in, out string, have []string) []string {
	var lines []string
	for _, j := range [...]struct{ from, direction, bridged, to string }{
		{global, "--physdev-in", " --physdev-is-bridged", out},
		{global, "--physdev-out", " --physdev-is-bridged", in},
		{"INPUT", "--physdev-in", "", out},
	} {
		there := slices.ContainsFunc(have, func(line string) bool {
			return strings.HasPrefix(line, "-A "+j.from+" ") && strings.Contains(line, j.direction+" "+c.tap+" ") &&
				strings.HasSuffix(line, "-j "+j.to)
		})
		if !there {
			lines = append(lines, "-I "+j.from+" -m physdev "+j.direction+" "+c.tap+j.bridged+" -j "+j.to)
		}
	}
	return lines
}

// remove answers the lines that delete the NIC's existing rules.
func (c card) remove(have []string) []string {
	chains := []string{c.chain + "-i", c.chain + "-o", c.chain + "-s"}
	var lines, last []string
	for _, line := range have {
		words := strings.Fields(line)
		switch {
		case len(words) < 2:
		case words[0] == "-N" && slices.Contains(chains, words[1]):
			last = append(last, "-X "+words[1])
			lines = append(lines, "-F "+words[1])
		case words[0] == "-A" && !slices.Contains(chains, words[1]) && slices.Contains(chains, words[len(words)-1]):
			lines = append(lines, "-D"+strings.TrimPrefix(line, "-A"))
		}
	}
	return append(lines, last...)
}
