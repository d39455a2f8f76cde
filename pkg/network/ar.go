package network

import (
	"math"
	"math/rand/v2"
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/one"
)

// newAR makes an address range from the attributes in a call. Errors have oned's texts
// (AddressRange::from_attr).
func newAR(s Settings, id int, from attr.Attr) (AR, error) {
	a := AR{ID: id, Attrs: from.Clone()}
	v := &a.Attrs
	if err := register(v); err != nil {
		return a, err
	}
	fam, ok := familyOf(v)
	if !ok {
		return a, wrong("Unknown or missing address range TYPE.")
	}
	if err := setShared(v); err != nil {
		return a, err
	}
	if err := checkFamily(v, fam); err != nil {
		return a, err
	}
	if err := setMAC(s, v, fam); err != nil {
		return a, err
	}
	if _, ok := parseSize(v.Get("SIZE")); !ok {
		return a, wrong("Wrong SIZE for address range")
	}
	if err := a.fits(); err != nil {
		return a, err
	}
	for _, key := range ownKeys {
		v.Del(key)
	}
	v.Set("AR_ID", strconv.Itoa(id))
	return a, nil
}

// register does what the IPAM driver does when an address range is registered. The only
// external driver is the simulated one (dummy): it invents a range if the call has no IP, and
// accepts only that range otherwise. Its leases are managed here, as for internal ranges.
func register(v *attr.Attr) error {
	switch mad := v.Get("IPAM_MAD"); mad {
	case "", "internal":
		return nil
	case "dummy":
		*v = simulatedRange(v.Get("IP"), v.Get("SIZE"))
		return nil
	default:
		return wrong("No IPAM driver %s: leave IPAM_MAD out, addresses are managed here.", mad)
	}
}

// simulatedRange is the range that oned's IPAM driver "dummy" returns.
func simulatedRange(ip, size string) attr.Attr {
	v := attr.NewVector("AR", attr.Pair{Key: "TYPE", Value: "IP4"}, attr.Pair{Key: "IPAM_MAD", Value: "dummy"})
	if ip != "" {
		v.Set("IP", ip)
		v.Set("SIZE", size)
		return v
	}
	for _, p := range [...]attr.Pair{
		{Key: "IP", Value: "10.0.0.1"}, {Key: "SIZE", Value: "100"}, {Key: "NETWORK_MASK", Value: "255.255.255.0"},
		{Key: "GATEWAY", Value: "10.0.0.1"}, {Key: "DNS", Value: "10.0.0.1"},
	} {
		v.Set(p.Key, p.Value)
	}
	return v
}

// ownKeys are the attributes of a range that a caller cannot set.
var ownKeys = []string{"ALLOCATED", "USED_LEASES", "LEASES", "NEXT_INDEX", "PARENT_NETWORK_AR_ID", "PARENT_NETWORK"}

func wrong(format string, args ...any) error { return one.Errorf(one.CodeInternal, format, args...) }

func familyOf(v *attr.Attr) (family, bool) {
	f, ok := families[strings.ToUpper(v.Get("TYPE"))]
	return f, ok
}

// setShared makes SHARED YES or NO. In a shared range, several NICs can have the same address
// if they ask for it.
func setShared(v *attr.Attr) error {
	if shared, _ := v.Bool("SHARED"); !shared {
		v.Set("SHARED", "NO")
		return nil
	}
	v.Set("SHARED", "YES")
	if t := strings.ToUpper(v.Get("TYPE")); t != "IP4" && t != "IP6_STATIC" {
		return wrong("Shared ARs can be only of type IP4 or IP6_STATIC.")
	}
	return nil
}

// checkFamily checks the first addresses, and drops those that ranges of this type do not have.
func checkFamily(v *attr.Attr, fam family) error {
	if !fam.ip4 {
		v.Del("IP")
	} else if _, ok := parseIP4(v.Get("IP")); !ok {
		return wrong("Wrong or empty IP attribute")
	}
	if !fam.slaac {
		v.Del("GLOBAL_PREFIX")
		v.Del("ULA_PREFIX")
	} else if err := checkPrefixes(v); err != nil {
		return err
	}
	if !fam.ip6 {
		v.Del("IP6")
		return nil
	}
	return checkStatic(v)
}

func checkPrefixes(v *attr.Attr) error {
	if _, ok := prefix(v, "GLOBAL_PREFIX"); !ok {
		return wrong("Wrong format for IP6 global address prefix")
	}
	if _, ok := prefix(v, "ULA_PREFIX"); !ok {
		return wrong("Wrong format for IP6 unique local address prefix")
	}
	return nil
}

// checkStatic checks IP6 and PREFIX_LENGTH of an IP6_STATIC range. Without a SIZE the range
// ends at the end of its network.
func checkStatic(v *attr.Attr) error {
	first, ok := parseIP6(v.Get("IP6"))
	if !ok {
		return wrong("Wrong or empty IP6 attribute")
	}
	length, ok := v.Int("PREFIX_LENGTH")
	if !ok || length < 0 || length > 128 {
		return wrong("Wrong or empty PREFIX_LENGTH")
	}
	if v.Get("SIZE") != "" {
		return nil
	}
	hosts := uint64(math.MaxUint64)
	if length > 64 {
		hosts = 1<<(128-length) - 1
	}
	size := hosts - first.low&hosts
	if length > 64 {
		size++
	}
	v.Set("SIZE", strconv.FormatUint(size, 10))
	return nil
}

// setMAC checks the first MAC, or generates it: from the IPv4 address, or at random.
func setMAC(s Settings, v *attr.Attr, fam family) error {
	mac := MAC(s.MACPrefix) << 32
	switch text := v.Get("MAC"); {
	case v.Get("SHARED") == "YES":
		mac = 0 // each NIC on a shared address has a MAC of its own
	case text != "":
		given, ok := parseMAC(text)
		if !ok {
			return wrong("Wrong format for MAC attribute: %s", text)
		}
		mac = given
	case fam.ip4:
		ip, _ := parseIP4(v.Get("IP"))
		mac |= MAC(ip)
	default:
		mac = randomMAC(s)
	}
	v.Set("MAC", mac.String())
	return nil
}

func randomMAC(s Settings) MAC { return MAC(s.MACPrefix)<<32 | MAC(rand.Uint32()) }

// prefix reads the upper 64 bits of an IPv6 address; an empty attribute is 0.
func prefix(v *attr.Attr, key string) (uint64, bool) {
	text := v.Get(key)
	if text == "" {
		return 0, true
	}
	ip, ok := parseIP6(text)
	return ip.high, ok
}

// parseSize reads SIZE. It is unsigned because IPv6 networks have up to 2^64 addresses.
func parseSize(text string) (uint64, bool) {
	n, err := strconv.ParseUint(strings.TrimSpace(text), 10, 64)
	return n, err == nil
}

// fits refuses a range that would go on after the highest possible address.
func (a *AR) fits() error {
	g := a.Range()
	if g.family.ip4 && g.size > 1<<32-uint64(g.ip) {
		return wrong("SIZE %d is too much for a range that begins at IP %s", g.size, g.ip)
	}
	if g.family.ip6 && g.size > 0 && g.ip6.low+(g.size-1) < g.ip6.low {
		return wrong("SIZE %d is too much for a range that begins at IP6 %s", g.size, g.ip6)
	}
	return nil
}
