package network

import (
	"encoding/binary"
	"net/netip"
	"strconv"
	"strings"
)

// MAC is an Ethernet address, in the low 48 bits.
type MAC uint64

// String writes it as oned does, in lower case with all digits.
func (m MAC) String() string {
	const digits = "0123456789abcdef"
	text := []byte("00:00:00:00:00:00")
	for at := len(text) - 1; at > 0; at -= 3 {
		text[at], text[at-1] = digits[m&15], digits[m>>4&15]
		m >>= 8
	}
	return string(text)
}

// broadcast is a MAC that no NIC can have.
const broadcast MAC = 1<<48 - 1

// plus returns the address n further on. The first two bytes stay: they are the prefix of the
// whole range.
func (m MAC) plus(n int64) MAC { return m&^0xffffffff | MAC(uint32(m)+uint32(n)) }

// parseMAC reads six bytes of one or two hexadecimal digits each.
func parseMAC(s string) (MAC, bool) {
	parts := strings.Split(s, ":")
	if len(parts) != 6 {
		return 0, false
	}
	var m MAC
	for _, p := range parts {
		b, err := strconv.ParseUint(p, 16, 8)
		if err != nil || len(p) > 2 {
			return 0, false
		}
		m = m<<8 | MAC(b)
	}
	return m, m != broadcast
}

// ip4 is an IPv4 address as a number.
type ip4 uint32

func (ip ip4) String() string {
	return netip.AddrFrom4([4]byte{byte(ip >> 24), byte(ip >> 16), byte(ip >> 8), byte(ip)}).String()
}

// parseIP4 reads four decimal numbers; leading zeros are ignored (AddressRange::ip_to_i).
func parseIP4(s string) (ip4, bool) {
	parts := strings.Split(s, ".")
	if len(parts) != 4 {
		return 0, false
	}
	var ip ip4
	for _, p := range parts {
		b, err := strconv.ParseUint(p, 10, 8)
		if err != nil {
			return 0, false
		}
		ip = ip<<8 | ip4(b)
	}
	return ip, true
}

// ip6 is an IPv6 address as two numbers.
type ip6 struct{ high, low uint64 }

func (ip ip6) String() string {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], ip.high)
	binary.BigEndian.PutUint64(b[8:], ip.low)
	return netip.AddrFrom16(b).String()
}

// plus returns the address n further on, within the same /64.
func (ip ip6) plus(n uint64) ip6 { return ip6{ip.high, ip.low + n} }

func parseIP6(s string) (ip6, bool) {
	a, err := netip.ParseAddr(s)
	if err != nil || !a.Is6() || a.Zone() != "" {
		return ip6{}, false
	}
	b := a.As16()
	return ip6{binary.BigEndian.Uint64(b[:8]), binary.BigEndian.Uint64(b[8:])}, true
}

// linkLocal is the prefix fe80::/64 of link-local addresses.
const linkLocal = 0xfe80 << 48

// slaac is the address that a NIC with this MAC gives itself in a /64 (modified EUI-64, RFC
// 4291 appendix A).
func slaac(prefix uint64, m MAC) ip6 {
	high, low := uint64(m)>>24, uint64(m)&0xffffff
	return ip6{prefix, (high^0x020000)<<40 | 0xfffe<<24 | low}
}
