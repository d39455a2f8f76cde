package network

import (
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/attr"
)

// Range is an address range with its attributes parsed.
type Range struct {
	family    family
	mac       MAC
	ip        ip4
	ip6       ip6
	global    uint64 // the upper 64 bits of IPv6 prefixes; 0 for none
	ula       uint64
	size      uint64
	shared    bool
	portStart int
	portSize  int
}

// family says which addresses a range gives besides MACs.
type family struct{ ip4, slaac, ip6 bool }

// families are the TYPEs of address ranges.
var families = map[string]family{
	"ETHER":        {},
	"IP4":          {ip4: true},
	"IP6":          {slaac: true},
	"IP4_6":        {ip4: true, slaac: true},
	"IP6_STATIC":   {ip6: true},
	"IP4_6_STATIC": {ip4: true, ip6: true},
}

// Range parses the attributes of a range. They were checked when it was made.
func (a *AR) Range() Range {
	var g Range
	g.family, _ = familyOf(&a.Attrs)
	g.mac, _ = parseMAC(a.Attrs.Get("MAC"))
	g.ip, _ = parseIP4(a.Attrs.Get("IP"))
	g.ip6, _ = parseIP6(a.Attrs.Get("IP6"))
	g.global, _ = prefix(&a.Attrs, "GLOBAL_PREFIX")
	g.ula, _ = prefix(&a.Attrs, "ULA_PREFIX")
	g.size, _ = parseSize(a.Attrs.Get("SIZE"))
	g.shared, _ = a.Attrs.Bool("SHARED")
	g.portStart, _ = a.Attrs.Int("PORT_START")
	g.portSize, _ = a.Attrs.Int("PORT_SIZE")
	return g
}

// Count is how many addresses the range can give.
func (g *Range) Count() int64 { return int64(min(g.size, maxAddresses)) }

// Describe writes the addresses at that index into a lease or a NIC.
func (g *Range) Describe(index int64, to *attr.Attr) {
	g.describeOwn(index, to)
	if !g.family.slaac {
		return
	}
	mac := g.mac.plus(index)
	to.Set("IP6_LINK", slaac(linkLocal, mac).String())
	if g.ula != 0 {
		to.Set("IP6_ULA", slaac(g.ula, mac).String())
	}
	if g.global != 0 {
		to.Set("IP6_GLOBAL", slaac(g.global, mac).String())
	}
}

// describeOwn writes the addresses that do not follow from the MAC.
func (g *Range) describeOwn(index int64, to *attr.Attr) {
	if !g.shared {
		to.Set("MAC", g.mac.plus(index).String())
	}
	if g.portStart != 0 && g.portSize != 0 {
		g.describePorts(index, to)
	}
	if g.family.ip4 {
		to.Set("IP", (g.ip + ip4(index)).String())
	}
	if g.family.ip6 {
		to.Set("IP6", g.ip6.plus(uint64(index)).String())
	}
}

// describePorts adds the forwarded ports of a shared public address.
func (g *Range) describePorts(index int64, to *attr.Attr) {
	first := g.portStart + int(index)*g.portSize + 1
	to.Set("EXTERNAL_PORT_RANGE", strconv.Itoa(first)+":"+strconv.Itoa(first+g.portSize-1))
	to.Set("INTERNAL_PORT_RANGE", "1-"+strconv.Itoa(g.portSize)+"/"+strconv.Itoa(first))
}

// Ends lists the computed attributes that a range is shown with: the last address of each
// family, and the first address where it is derived.
func (g *Range) Ends() []attr.Pair {
	last := g.size - 1
	end := g.mac.plus(int64(last))
	if g.shared {
		end = 0
	}
	list := []attr.Pair{{Key: "MAC_END", Value: end.String()}}
	add := func(key string, value string) { list = append(list, attr.Pair{Key: key, Value: value}) }
	if g.family.ip4 {
		add("IP_END", (g.ip + ip4(last)).String())
	}
	if g.family.slaac && g.ula != 0 {
		add("IP6_ULA", slaac(g.ula, g.mac).String())
		add("IP6_ULA_END", slaac(g.ula, end).String())
	}
	if g.family.slaac && g.global != 0 {
		add("IP6_GLOBAL", slaac(g.global, g.mac).String())
		add("IP6_GLOBAL_END", slaac(g.global, end).String())
	}
	if g.family.ip6 {
		add("IP6_END", g.ip6.plus(last).String())
	}
	return list
}

// Bound limits a rule of a security group to the range: it sets the first address of each
// family and the number of addresses.
func (a *AR) Bound(rule *attr.Attr) {
	for _, key := range [...]string{"AR_ID", "TYPE", "SIZE", "MAC", "IP", "IP6"} {
		if value := a.Attrs.Get(key); value != "" {
			rule.Set(key, value)
		}
	}
	g := a.Range()
	if g.family.slaac && g.ula != 0 {
		rule.Set("IP6_ULA", slaac(g.ula, g.mac).String())
	}
	if g.family.slaac && g.global != 0 {
		rule.Set("IP6_GLOBAL", slaac(g.global, g.mac).String())
	}
}

// index returns the index of an address in the range.
func (g *Range) index(a address) (int64, bool) {
	var at uint64
	switch {
	case a.key == "MAC" && !g.shared && a.mac>>32 == g.mac>>32:
		at = uint64(uint32(a.mac) - uint32(g.mac)) // wraps around after the last MAC, as plus does
	case a.key == "IP" && g.family.ip4 && a.ip >= g.ip:
		at = uint64(a.ip - g.ip)
	case a.key == "IP6" && g.family.ip6 && a.ip6.high == g.ip6.high && a.ip6.low >= g.ip6.low:
		at = a.ip6.low - g.ip6.low
	default:
		return 0, false
	}
	return int64(at), at < uint64(g.Count())
}

// address is an address that a caller asks for.
type address struct {
	key string // MAC, IP or IP6; "" for any free address
	mac MAC
	ip  ip4
	ip6 ip6
}

// asked reads which address a NIC or a lease asks for by MAC, IP or IP6, and counts how many of
// these attributes there are.
func asked(from *attr.Attr) (a address, valid bool, named int) {
	valid = true
	for _, key := range [...]string{"MAC", "IP", "IP6"} {
		text := from.Get(key)
		if text == "" {
			continue
		}
		named++
		a.key = key
		switch key {
		case "MAC":
			a.mac, valid = parseMAC(text)
		case "IP":
			a.ip, valid = parseIP4(text)
		case "IP6":
			a.ip6, valid = parseIP6(text)
		}
	}
	return a, valid, named
}
