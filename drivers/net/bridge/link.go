package bridge

import (
	"context"
	"encoding/json"
	"fmt"
	"net/netip"
	"slices"

	"github.com/renkei-vpe/renkei/drivers"
)

// alias marks devices that these drivers have created. The kernel stores it, so that it is
// known after a restart and to other front ends.
const alias = "renkei"

// link is a device in the output of "ip -json link".
type link struct {
	Name   string   `json:"ifname"`
	Lower  string   `json:"link"` // the device below it
	Alias  string   `json:"ifalias"`
	Master string   `json:"master"`
	MTU    int      `json:"mtu"`
	Flags  []string `json:"flags"`
	Info   struct {
		Kind string `json:"info_kind"`
		Data struct {
			// Other kinds of devices have values of other types here.
			ID        any `json:"id"`
			Link      any `json:"link"`
			Filtering any `json:"vlan_filtering"`
		} `json:"info_data"`
	} `json:"linkinfo"`
	Addresses []struct {
		Local string `json:"local"`
	} `json:"addr_info"`
}

func (l link) up() bool   { return slices.Contains(l.Flags, "UP") }
func (l link) ours() bool { return l.Alias == alias }

// isBridge includes bridges of Open vSwitch, which can serve VMs, too.
func (l link) isBridge() bool { return l.Info.Kind == "bridge" || l.Info.Kind == "openvswitch" }

// filters tells whether VLAN filtering is on.
func (l link) filters() bool { return l.Info.Data.Filtering == float64(1) }

// id is the VLAN ID of the device, -1 if it has none.
func (l link) id() int {
	if n, ok := l.Info.Data.ID.(float64); ok && (l.Info.Kind == string(vlan) || l.Info.Kind == string(vxlan)) {
		return int(n)
	}
	return -1
}

// is tells whether the device is the uplink u.
func (l link) is(u uplink) bool {
	lower := l.Lower
	if u.kind == vxlan {
		lower, _ = l.Info.Data.Link.(string)
	}
	return l.Info.Kind == string(u.kind) && l.id() == u.id && (u.local || lower == u.phydev)
}

// links answers all devices of a host by name.
func (n *hosts) links(ctx context.Context, h drivers.Host) (map[string]link, error) {
	all, err := n.show(ctx, h, "ip", "-json", "-details", "link", "show")
	byName := make(map[string]link, len(all))
	for _, l := range all {
		byName[l.Name] = l
	}
	return byName, err
}

func (n *hosts) show(ctx context.Context, h drivers.Host, args ...string) (all []link, err error) {
	out, err := n.shell.Command(ctx, h, args...)
	if err != nil {
		return nil, fmt.Errorf("looking at the network devices: %w", err)
	}
	if err := json.Unmarshal(out, &all); err != nil {
		return nil, fmt.Errorf("reading what ip says of the network devices of %s: %w", h.Name, err)
	}
	return all, nil
}

// address answers the first global address of the device.
func (n *hosts) address(ctx context.Context, h drivers.Host, device string) (string, error) {
	all, err := n.show(ctx, h, "ip", "-json", "addr", "show", "dev", device)
	if err != nil {
		return "", err
	}
	for _, l := range all {
		for _, a := range l.Addresses {
			if ip, err := netip.ParseAddr(a.Local); err == nil && !ip.IsLoopback() && !ip.IsLinkLocalUnicast() {
				return ip.String(), nil
			}
		}
	}
	return "", fmt.Errorf("the device %s on host %s has no IP address that the VXLAN could use: give it one, or the network VXLAN_TEP=dev", device, h.Name)
}
