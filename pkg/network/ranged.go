package network

import (
	"math/bits"
	"net/netip"
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
)

// defaultSize is NETWORK_SIZE of OpenNebula 2.2's oned.conf.
const defaultSize = 254

// RangeOf makes the address range of a RANGED network of OpenNebula 2.2, which has a network
// address, and as its size a class or a number of hosts.
func RangeOf(address, size string) []attr.Attr {
	first, hosts := hostsOf(address, sizeOf(size))
	return []attr.Attr{AddressRange(first, "", hosts)}
}

// AddressRange makes a range of IPv4 addresses. Without a MAC, the first MAC follows from the
// IP.
func AddressRange(ip, mac string, size int) attr.Attr {
	a := attr.NewVector("AR", attr.Pair{Key: "TYPE", Value: "IP4"}, attr.Pair{Key: "IP", Value: ip}, attr.Pair{Key: "SIZE", Value: strconv.Itoa(size)})
	if mac != "" {
		a.Set("MAC", mac)
	}
	return a
}

func sizeOf(text string) int {
	switch strings.ToUpper(text) {
	case "B":
		return 65534
	case "C":
		return 254
	}
	if n, err := strconv.Atoi(strings.TrimSpace(text)); err == nil && n > 0 {
		return n
	}
	return defaultSize
}

// hostsOf returns the first address and the number of addresses for hosts in such a network.
// Its size is the next power of two; the first and the last address are not for hosts.
func hostsOf(text string, size int) (first string, hosts int) {
	a, err := netip.ParseAddr(text)
	if err != nil || !a.Is4() {
		return text, size
	}
	hostBits := min(max(bits.Len(uint(size-1)), 2), 24)
	net, err := a.Prefix(32 - hostBits)
	if err != nil {
		return text, size
	}
	return net.Masked().Addr().Next().String(), 1<<hostBits - 2
}
