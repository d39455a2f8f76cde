package secgroup

import (
	"errors"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
)

// checkRules refuses invalid rules with oned's error texts (SecurityGroup::is_valid), and drops
// duplicates.
func (g *SecGroup) checkRules() error {
	for _, rule := range g.Template.Vectors("RULE") {
		if err := checkRule(rule); err != nil {
			return err
		}
	}
	g.dropDoubles()
	return nil
}

func (g *SecGroup) dropDoubles() {
	var seen []attr.Attr
	g.Template.DelFunc(func(a *attr.Attr) bool {
		if a.Name != "RULE" || !a.IsVector {
			return false
		}
		if slices.ContainsFunc(seen, func(b attr.Attr) bool { return a.Equal(&b) }) {
			return true
		}
		seen = append(seen, *a)
		return false
	})
}

var protocols = []string{"TCP", "UDP", "ICMP", "ICMPV6", "IPSEC", "ALL"}

func checkRule(rule *attr.Attr) error {
	protocol := strings.ToUpper(rule.Get("PROTOCOL"))
	if !slices.Contains(protocols, protocol) {
		return errors.New("Wrong PROTOCOL in rule. Valid options: TCP, UDP, ICMP, ICMPV6, IPSEC, ALL.")
	}
	if err := checkExtensions(rule, protocol); err != nil {
		return err
	}
	if t := strings.ToUpper(rule.Get("RULE_TYPE")); t != "INBOUND" && t != "OUTBOUND" {
		return errors.New("Wrong RULE_TYPE in rule. Valid options: INBOUND, OUTBOUND.")
	}
	return checkTarget(rule)
}

// checkExtensions checks the attributes that only some protocols have.
func checkExtensions(rule *attr.Attr, protocol string) error {
	if ports := rule.Get("RANGE"); ports != "" {
		if protocol != "TCP" && protocol != "UDP" {
			return errors.New("RANGE is supported only for TCP and UDP protocols.")
		}
		if err := checkPorts(ports); err != nil {
			return err
		}
	}
	for _, of := range [...]string{"ICMP", "ICMPV6"} {
		key := of + "_TYPE"
		if rule.Get(key) == "" {
			continue
		}
		if protocol != of {
			return errors.New(key + " is supported only for " + of + " protocol.")
		}
		if n, ok := rule.Int(key); !ok || n < 0 {
			return errors.New("Wrong " + key + ", it must be integer")
		}
	}
	return nil
}

// checkTarget checks which addresses a rule matches: IP and SIZE, a network, or all.
func checkTarget(rule *attr.Attr) error {
	if ip := rule.Get("IP"); ip != "" {
		if n, ok := rule.Int("SIZE"); !ok || n < 0 {
			return errors.New("Wrong or empty SIZE.")
		}
		if a, err := netip.ParseAddr(ip); err != nil || a.Zone() != "" {
			return errors.New("Wrong format for IP value.")
		}
		return nil
	}
	if rule.Has("NETWORK_ID") {
		if _, ok := rule.Int("NETWORK_ID"); !ok {
			return errors.New("Wrong NETWORK_ID.")
		}
	}
	return nil
}

// Limits of RANGE: an iptables rule can have 15 ports, where a range counts as two.
const (
	maxPort  = 65535
	maxPorts = 15
)

func checkPorts(list string) error {
	ports := 0
	for _, part := range strings.Split(list, ",") {
		from, to, isRange := strings.Cut(part, ":")
		ports++
		if !isRange {
			to = from
		} else {
			ports++
		}
		if err := checkPortRange(from, to); err != nil {
			return err
		}
		if ports > maxPorts {
			return errors.New("Not more than 15 ports can be specified in a RULE")
		}
	}
	return nil
}

func checkPortRange(from, to string) error {
	first, okFirst := parsePort(from)
	last, okLast := parsePort(to)
	switch {
	case !okFirst || !okLast:
		return errors.New("Invalid RANGE specification.")
	case last > maxPort:
		return errors.New("RANGE out of bounds 0-65536.")
	case last < first:
		return errors.New("RANGE BEGIN value is greater than RANGE END value")
	}
	return nil
}

// parsePort reads a number of any size.
func parsePort(s string) (uint64, bool) {
	n, err := strconv.ParseUint(s, 10, 32)
	return n, err == nil || errors.Is(err, strconv.ErrRange)
}
