package bridge

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
)

// spoofing drops packets whose source the NIC may not use.
func (c card) spoofing(f family, out, own string) []string {
	var lines []string
	if c.mac != "" {
		lines = append(lines, "-A "+out+" -m mac ! --mac-source "+c.mac+" -j DROP")
	}
	if !c.ownOnly {
		return lines
	}
	if !f.v6 { // DHCP has no source address yet
		lines = append(lines, "-A "+out+" -p udp -s 0.0.0.0/32 --sport 68 -d 255.255.255.255/32 --dport 67 -j RETURN")
	}
	lines = append(lines, "-A "+out+" -j "+own)
	for _, a := range c.addresses {
		if a.Is6() == f.v6 {
			lines = append(lines, "-A "+own+" -s "+a.String()+" -j RETURN")
		}
	}
	return append(lines, "-A "+own+" -j DROP")
}

// neighbours allows the ICMPv6 types 133 to 137 (neighbour discovery), which IPv6 needs.
func neighbours(f family, in, out string) []string {
	if !f.v6 {
		return nil
	}
	var lines []string
	for _, kind := range []string{"134", "135", "136", "137"} {
		lines = append(lines, "-A "+in+" -p icmpv6 --icmpv6-type "+kind+" -j RETURN")
	}
	for _, kind := range []string{"133", "135", "136"} {
		lines = append(lines, "-A "+out+" -p icmpv6 --icmpv6-type "+kind+" -j RETURN")
	}
	return lines
}

// allowed allows what the rules of the security groups allow.
func (c card) allowed(f family, in, out string) ([]string, error) {
	if c.open {
		return []string{"-A " + in + " -j RETURN", "-A " + out + " -j RETURN"}, nil
	}
	var lines []string
	for _, rule := range c.rules {
		chain, side := in, "--src-range "
		if strings.EqualFold(rule.Get("RULE_TYPE"), "outbound") {
			chain, side = out, "--dst-range "
		}
		match, fits, err := matchOf(f, rule)
		if err != nil {
			return nil, fmt.Errorf("a rule of security group %s: %w", rule.Get("SECURITY_GROUP_ID"), err)
		}
		if !fits {
			continue
		}
		for _, ofRange := range rangesOf(f, rule, side) {
			lines = append(lines, "-A "+chain+match+ofRange+" -j RETURN")
		}
	}
	return lines, nil
}

// everything tells that the NIC is not filtered at all, as in group 0 unless that was changed:
// such a NIC can be on a host that cannot filter.
func (c card) everything() bool {
	var in, out bool
	for _, rule := range c.rules {
		partial := slices.ContainsFunc([]string{"RANGE", "ICMP_TYPE", "ICMPV6_TYPE", "IP", "SIZE"}, rule.Has)
		if partial || !strings.EqualFold(rule.Get("PROTOCOL"), "ALL") {
			continue
		}
		outbound := strings.EqualFold(rule.Get("RULE_TYPE"), "outbound")
		in, out = in || !outbound, out || outbound
	}
	return c.mac == "" && !c.ownOnly && (c.open || in && out)
}

// protocols are the names for iptables.
var protocols = map[string]string{"TCP": "tcp", "UDP": "udp", "ICMP": "icmp", "ICMPV6": "icmpv6", "IPSEC": "esp", "ALL": ""}

var (
	ports = regexp.MustCompile(`^[0-9]+(:[0-9]+)?(,[0-9]+(:[0-9]+)?)*$`)
	kinds = regexp.MustCompile(`^[0-9]+$`)
)

// matchOf answers which packets a rule matches, and false if the rule is for the other family.
func matchOf(f family, rule *attr.Attr) (match string, fits bool, err error) {
	protocol, known := protocols[strings.ToUpper(rule.Get("PROTOCOL"))]
	switch {
	case !known:
		return "", false, fmt.Errorf("unknown PROTOCOL %q", rule.Get("PROTOCOL"))
	case protocol == "icmp" && f.v6, protocol == "icmpv6" && !f.v6:
		return "", false, nil
	}
	if protocol != "" {
		match = " -p " + protocol
	}
	for _, part := range [...]struct {
		key, flag string
		form      *regexp.Regexp
	}{
		{"RANGE", " -m multiport --dports ", ports},
		{"ICMP_TYPE", " --icmp-type ", kinds},
		{"ICMPV6_TYPE", " --icmpv6-type ", kinds},
	} {
		value := strings.ReplaceAll(rule.Get(part.key), " ", "")
		if value == "" {
			continue
		}
		if !part.form.MatchString(value) {
			return "", false, fmt.Errorf("%s is %q", part.key, value)
		}
		match += part.flag + value
	}
	return match, true, nil
}

// rangesOf answers matches for the addresses of a rule: none for all addresses, or one for each
// of its ranges in the family. A rule for a network has ranges of both families.
func rangesOf(f family, rule *attr.Attr, side string) []string {
	some := rule.Has("SIZE")
	var ranges []string
	for _, key := range [...]string{"IP", "IP6", "IP6_ULA", "IP6_GLOBAL"} {
		some = some || rule.Has(key)
		if first, last, ok := rangeOf(rule, key); ok && first.Is6() == f.v6 {
			ranges = append(ranges, " -m iprange "+side+first.String()+"-"+last.String())
		}
	}
	if !some {
		return []string{""}
	}
	return ranges
}

// rangeOf is the range of SIZE addresses from the one that key names; an IPv6 range ends at the
// end of its /64.
func rangeOf(rule *attr.Attr, key string) (first, last netip.Addr, ok bool) {
	first, err := netip.ParseAddr(rule.Get(key))
	size, err2 := strconv.ParseUint(rule.Get("SIZE"), 10, 64)
	if err != nil || err2 != nil || size == 0 {
		return first, last, false
	}
	bytes := first.AsSlice()
	left := size - 1
	for at := len(bytes) - 1; at >= max(0, len(bytes)-8); at-- {
		sum := uint64(bytes[at]) + left&0xff
		bytes[at] = byte(sum)
		left = left>>8 + sum>>8
	}
	if left > 0 {
		for at := max(0, len(bytes)-8); at < len(bytes); at++ {
			bytes[at] = 0xff
		}
	}
	last, ok = netip.AddrFromSlice(bytes)
	return first, last, ok
}
