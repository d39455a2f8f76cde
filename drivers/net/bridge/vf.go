package bridge

import (
	"context"
	"fmt"
	"net"
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/attr"
)

// direct is a network driver that also supports NICs by PCI passthrough (PCI, TYPE=NIC). These
// are not on a bridge; MAC and VLAN are set in the hardware, if the device is a virtual
// function (SR-IOV).
type direct struct {
	bridged
	*hosts
}

// bridged is a driver for NICs on bridges.
type bridged interface {
	drivers.Network
	drivers.Rewirer
}

var _ bridged = direct{}

func isDevice(nic drivers.NIC) bool { return nic.Attrs.Name == "PCI" }

// Setup configures the device before the VM gets it.
func (d direct) Setup(ctx context.Context, h drivers.Host, vm drivers.VM, nic drivers.NIC) error {
	if isDevice(nic) {
		return d.configure(ctx, h, nic)
	}
	return d.bridged.Setup(ctx, h, vm, nic)
}

// Activate does nothing for a device.
func (d direct) Activate(ctx context.Context, h drivers.Host, vm drivers.VM, nic drivers.NIC) error {
	if isDevice(nic) {
		return nil
	}
	return d.bridged.Activate(ctx, h, vm, nic)
}

// Clean leaves a device as it is, as its next user configures it.
func (d direct) Clean(ctx context.Context, h drivers.Host, vm drivers.VM, nic drivers.NIC) error {
	if isDevice(nic) {
		return nil
	}
	return d.bridged.Clean(ctx, h, vm, nic)
}

// Rewire configures the device again.
func (d direct) Rewire(ctx context.Context, h drivers.Host, nic drivers.NIC, was []drivers.NIC) error {
	if isDevice(nic) {
		return d.configure(ctx, h, nic)
	}
	return d.bridged.Rewire(ctx, h, nic, was)
}

// configure sets MAC and VLAN of a virtual function. A whole network card cannot be configured
// from the host.
func (d direct) configure(ctx context.Context, h drivers.Host, nic drivers.NIC) error {
	if d.hosts == nil {
		return nil
	}
	address, err := addressOf(nic.Attrs)
	if err != nil {
		return err
	}
	out, err := d.shell.Script(ctx, h, findVF, "/sys", address)
	if err != nil || len(out) == 0 {
		return err
	}
	index, rest, _ := strings.Cut(strings.TrimSpace(string(out)), " ")
	card, represented, _ := strings.Cut(rest, " ")
	if _, err := strconv.ParseUint(index, 10, 16); err != nil || !linkName.MatchString(card) {
		return fmt.Errorf("the card of the PCI device %s on host %s has no network device, so nobody could set the VLAN of the device: load its driver there", address, h.Name)
	}
	args, err := settingsOf(nic, represented != "")
	if err != nil || len(args) == 0 {
		return err
	}
	var todo steps
	todo.link(append([]string{"set", "dev", card, "vf", index}, args...)...)
	return d.run(ctx, h, todo)
}

// findVF prints the number of the VF $2, the name of its physical function, and its representor
// if there is one (switchdev). $1 is sysfs.
const findVF = `d=$1/bus/pci/devices/$2
[ -e "$d" ] || { echo "there is no PCI device $2" >&2; exit 1; }
[ -e "$d/physfn" ] || exit 0
index= card= stands=
for f in "$d"/physfn/virtfn*; do
	[ "$(readlink -f "$f")" != "$(readlink -f "$d")" ] || index=${f##*virtfn}
done
for n in "$d"/physfn/net/*; do
	port=$(cat "$n/phys_port_name" 2>/dev/null) || port=
	case $port in
	pf*vf"$index" | vf"$index") stands=yes ;;
	pf*vf* | vf*) ;;
	*) card=${n##*/} ;;
	esac
done
echo "$index $card $stands"`

// settingsOf are the arguments of "ip link set" for a VF. If there is a representor, the VLAN
// is configured there.
func settingsOf(nic drivers.NIC, represented bool) (args []string, err error) {
	if text := nic.Attrs.Get("MAC"); text != "" {
		mac, err := net.ParseMAC(text)
		if err != nil {
			return nil, err
		}
		args = append(args, "mac", mac.String())
	}
	if represented {
		return args, nil
	}
	vlanID := 0 // removes the VLAN of an earlier user
	if text := nic.Attrs.Get("VLAN_ID"); text != "" {
		if vlanID, err = number("VLAN_ID", text, 0, lastVLAN); err != nil {
			return nil, err
		}
	}
	args = append(args, "vlan", strconv.Itoa(vlanID))
	for _, key := range []string{"SPOOFCHK", "TRUST"} {
		if text := nic.Attrs.Get(key); text != "" {
			args = append(args, strings.ToLower(key), switchOf(text))
		}
	}
	return args, nil
}

func switchOf(text string) string {
	if strings.EqualFold(text, "yes") || strings.EqualFold(text, "on") {
		return "on"
	}
	return "off"
}

// addressOf is the PCI address of a device in the kernel's format.
func addressOf(pci attr.Attr) (string, error) {
	var parts [4]uint64
	for i, key := range [...]string{"DOMAIN", "BUS", "SLOT", "FUNCTION"} {
		n, err := strconv.ParseUint(strings.TrimPrefix(pci.Get(key), "0x"), 16, 16)
		if err != nil {
			return "", fmt.Errorf("PCI/%s = %q is no part of a PCI address", key, pci.Get(key))
		}
		parts[i] = n
	}
	return fmt.Sprintf("%04x:%02x:%02x.%x", parts[0], parts[1], parts[2], parts[3]), nil
}
