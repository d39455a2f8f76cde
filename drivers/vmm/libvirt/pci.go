package libvirt

import (
	"slices"
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/drivers"
)

// listPCI tells of each device of a host: address, vendor, device, class and
// NUMA node, as the kernel has them.
const listPCI = `for d in /sys/bus/pci/devices/*; do
	[ -e "$d/vendor" ] || continue
	read -r v <"$d/vendor"; read -r i <"$d/device"; read -r c <"$d/class"; n=-1
	[ ! -e "$d/numa_node" ] || read -r n <"$d/numa_node"
	echo "${d##*/} $v $i $c $n"
done`

// readPCI parses the output of listPCI, without devices that match no filter. The kernel's
// classes have a third byte, the programming interface, which OpenNebula's do not have.
func readPCI(text string, filters []string) []drivers.PCIDevice {
	var list []drivers.PCIDevice
	for line := range strings.Lines(text) {
		f := strings.Fields(strings.ReplaceAll(line, "0x", ""))
		if len(f) != 5 || len(f[3]) != 6 {
			continue
		}
		d := drivers.PCIDevice{Address: strings.Replace(f[0], ".", ":", 1), Vendor: f[1], Device: f[2], Class: f[3][:4], NUMANode: -1}
		if node, err := strconv.Atoi(f[4]); err == nil {
			d.NUMANode = node
		}
		if slices.ContainsFunc(filters, func(filter string) bool { return passes(d, filter) }) {
			list = append(list, d)
		}
	}
	return list
}

// passes tells whether a device matches vendor:device:class, of which parts may be empty or
// missing.
func passes(d drivers.PCIDevice, filter string) bool {
	has := []string{d.Vendor, d.Device, d.Class}
	for n, want := range strings.Split(filter, ":") {
		if want != "" && (n >= len(has) || !strings.EqualFold(want, has[n])) {
			return false
		}
	}
	return true
}
