package cli

import (
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"

	"github.com/spf13/pflag"
)

// vnetRangeVerbs are about the address ranges of a network.
func vnetRangeVerbs() []verb {
	return []verb{
		vnetAddar(),
		action("rmar", "address range removed", "Remove an address range", func(in *input, id int) (request, error) {
			return call("one.vn.rm_ar", id, in.number(1, -1), in.bool("force")), nil
		}, number("range id")).single().with(func(f *pflag.FlagSet) {
			f.Bool("force", false, "even while addresses are in use")
		}),
		callWith("free", "address range freed", "Give a reserved address range back", "one.vn.free_ar", number("range id")),
		updateVerb("updatear", "AR updated", "Change an address range",
			func(in *input, id int, text string) request {
				return call("one.vn.update_ar", id, rangeTemplate(in.word(1), text))
			}, currentAR, number("range id")),
	}
}

// rangeTemplate makes an AR of attributes, with the ID of the one to change.
func rangeTemplate(id, text string) string {
	if wrapped("AR", text) == text || strings.Contains(strings.ReplaceAll(text, " ", ""), "AR_ID=") {
		return wrapped("AR", text)
	}
	return wrapped("AR", "AR_ID="+quote(id)+"\n"+text)
}

func currentAR(in *input, vnet *node) string {
	for _, ar := range vnet.all("AR_POOL/AR") {
		if ar.get("AR_ID") == in.word(1) {
			return templateText(ar.without("LEASES", "USED_LEASES", "MAC_END", "IP_END", "IP6_ULA_END", "IP6_GLOBAL_END", "IP6_END"))
		}
	}
	return ""
}

func vnetAddar() verb {
	return verb{
		name: "addar", short: "Add an address range",
		args:  []arg{object, file},
		flags: rangeFlags,
		run: func(s *session, in *input) error {
			text, err := s.given(in, in.word(1), templateOptions{flags: rangeFlags, build: newRange})
			if err != nil {
				return err
			}
			if _, err := s.call(call("one.vn.add_ar", in.id(), text)); err != nil {
				return err
			}
			s.tell(in.noun, in.id(), "address range added")
			return nil
		},
	}
}

func rangeFlags(f *pflag.FlagSet) {
	f.StringP("size", "s", "", "number of addresses")
	f.StringP("ip", "i", "", "first IPv4 address")
	macFlag(f)
	f.StringP("ip6", "6", "", "first IPv6 address, as 2001:db8::1/64")
	f.StringP("ip6_global", "g", "", "global prefix of IPv6 addresses")
	f.StringP("ip6_ula", "u", "", "local prefix of IPv6 addresses")
	f.String("gateway", "", "gateway")
	f.String("netmask", "", "netmask in dot notation")
	f.String("vn_mad", "", "network driver of the range")
	f.String("vlanid", "", "VLAN ID of the range")
}

// macFlag is --mac. Its short form is omitted for verbs with -m for --multiple.
func macFlag(f *pflag.FlagSet) {
	short := "m"
	if f.ShorthandLookup(short) != nil {
		short = ""
	}
	f.StringP("mac", short, "", "first MAC address")
}

func newRange(in *input) (string, error) {
	parts := []string{"TYPE=" + quote(rangeType(in))}
	ip6, prefix, err := ip6Prefix(in.text("ip6"))
	if err != nil {
		return "", err
	}
	if !in.given("size") && ip6 == "" {
		return "", sayf("Address range needs to specify size (-s size)")
	}
	for _, part := range [][2]string{
		{"SIZE", in.text("size")}, {"PREFIX_LENGTH", prefix}, {"IP", in.text("ip")}, {"IP6", ip6}, {"MAC", in.text("mac")},
		{"GLOBAL_PREFIX", in.text("ip6_global")}, {"ULA_PREFIX", in.text("ip6_ula")}, {"GATEWAY", in.text("gateway")},
		{"MASK", in.text("netmask")}, {"VN_MAD", in.text("vn_mad")}, {"VLAN_ID", in.text("vlanid")},
	} {
		if part[1] != "" {
			parts = append(parts, part[0]+"="+quote(part[1]))
		}
	}
	return "AR=[ " + strings.Join(parts, ", ") + " ]", nil
}

// rangeType is the TYPE of a range, from the addresses that are given.
func rangeType(in *input) string {
	prefixed := in.given("ip6_global") || in.given("ip6_ula")
	switch {
	case in.given("ip") && prefixed:
		return "IP4_6"
	case in.given("ip") && in.given("ip6"):
		return "IP4_6_STATIC"
	case in.given("ip"):
		return "IP4"
	case in.given("ip6"):
		return "IP6_STATIC"
	case prefixed:
		return "IP6"
	}
	return "ETHER"
}

func ip6Prefix(text string) (ip, length string, err error) {
	if text == "" {
		return "", "", nil
	}
	prefix, err := netip.ParsePrefix(text)
	if err != nil || !prefix.Addr().Is6() {
		return "", "", fmt.Errorf("--ip6 %s: write an IPv6 address and its prefix length, as 2001:db8::1/64", text)
	}
	return prefix.Addr().String(), strconv.Itoa(prefix.Bits()), nil
}

// vnetLeaseVerbs are about single addresses of a network.
func vnetLeaseVerbs() []verb {
	lease := func(method string) func(in *input, id int) (request, error) {
		return func(in *input, id int) (request, error) {
			kind, err := addressKind(in.word(1))
			text := "LEASES = [ " + kind + " = " + quote(in.word(1))
			if in.given("address_range") {
				text += fmt.Sprintf(", AR_ID = %d", in.int("address_range"))
			}
			return call(method, id, text+" ]"), err
		}
	}
	flags := func(f *pflag.FlagSet) { f.IntP("address_range", "a", -1, "address range it is in") }
	return []verb{
		action("hold", "lease on hold", "Take an address out of use", lease("one.vn.hold"), word("address")).single().with(flags),
		action("release", "lease released", "Give an address on hold back", lease("one.vn.release"), word("address")).single().with(flags),
		vnetReserve(),
	}
}

// addressKind is the attribute for an address: IP, IP6 or MAC.
func addressKind(text string) (string, error) {
	if ip, err := netip.ParseAddr(text); err == nil {
		if ip.Is4() {
			return "IP", nil
		}
		return "IP6", nil
	}
	if mac, err := net.ParseMAC(text); err == nil && len(mac) == 6 {
		return "MAC", nil
	}
	return "", fmt.Errorf("%q is no IP and no MAC address", text)
}

func vnetReserve() verb {
	v := action("reserve", "reservation made", "Reserve addresses as a network of one's own",
		reservation, ref("network to add to", "VNET").orNone())
	return v.answering("Reservation VNET ID", reservation).with(func(f *pflag.FlagSet) {
		f.StringP("name", "n", "", "name of the new network")
		f.StringP("size", "s", "", "number of addresses")
		f.IntP("address_range", "a", -1, "address range to take them from")
		f.StringP("ip", "i", "", "first IPv4 address")
		macFlag(f)
		f.StringP("ip6", "6", "", "first IPv6 address")
	})
}

func reservation(in *input, id int) (request, error) {
	if !in.given("size") {
		return request{}, sayf("Specify a size (-s size) for the reservation")
	}
	if !in.given("name") && in.word(1) == "" {
		return request{}, sayf("Specify a name (-n name) for the reservation")
	}
	var t template
	t.plain("SIZE", in.text("size"))
	t.attribute("NAME", in.text("name"))
	if in.given("address_range") {
		t.plain("AR_ID", in.text("address_range"))
	}
	if in.word(1) != "" {
		t.plain("NETWORK_ID", itoa(int64(in.number(1, -1))))
	}
	for _, option := range []string{"mac", "ip", "ip6"} {
		t.attribute(strings.ToUpper(option), in.text(option))
	}
	return call("one.vn.reserve", id, t.text.String()), nil
}
