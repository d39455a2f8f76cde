package bridge

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/renkei-vpe/renkei/drivers"
)

// alias marks a bridge as made by this driver, in the kernel itself: it is
// known after a restart of Renkei and to another front end.
const alias = "renkei"

// link is what "ip -json link" tells of a device.
type link struct {
	Name   string   `json:"ifname"`
	Alias  string   `json:"ifalias"`
	Master string   `json:"master"`
	Flags  []string `json:"flags"`
	Info   struct {
		Kind string `json:"info_kind"`
	} `json:"linkinfo"`
}

func (l link) up() bool { return slices.Contains(l.Flags, "UP") }

// links answers all devices of a host by name.
func (n *Network) links(ctx context.Context, h drivers.Host) (map[string]link, error) {
	out, err := n.runner.Command(ctx, h, "ip", "-json", "-details", "link", "show")
	if err != nil {
		return nil, fmt.Errorf("looking at the network devices: %w", err)
	}
	var all []link
	if err := json.Unmarshal(out, &all); err != nil {
		return nil, fmt.Errorf("reading what ip says of the network devices of %s: %w", h.Name, err)
	}
	byName := make(map[string]link, len(all))
	for _, l := range all {
		byName[l.Name] = l
	}
	return byName, nil
}

// check fails unless the bridge is there and up.
func (n *Network) check(ctx context.Context, h drivers.Host, w wish) error {
	links, err := n.links(ctx, h)
	if err != nil {
		return err
	}
	br, there := links[w.bridge]
	switch {
	case !there:
		return fmt.Errorf("host %s has no bridge %s: make it with \"ip link add name %[2]s type bridge forward_delay 0 && ip link set dev %[2]s up\", or give the network a PHYDEV and it will be made", h.Name, w.bridge)
	case !isBridge(br):
		return fmt.Errorf("%s on host %s is not a bridge but a device of another kind (%q)", w.bridge, h.Name, br.Info.Kind)
	case !br.up():
		return fmt.Errorf("the bridge %s on host %s is down: bring it up with \"ip link set dev %[1]s up\"", w.bridge, h.Name)
	}
	return nil
}

// isBridge also knows Open vSwitch, whose bridges serve a VM as well.
func isBridge(l link) bool { return l.Info.Kind == "bridge" || l.Info.Kind == "openvswitch" }

// provide makes the bridge, puts phydev on it and brings it up, as far as that
// is not so yet.
func (n *Network) provide(ctx context.Context, h drivers.Host, w wish) error {
	links, err := n.links(ctx, h)
	if err != nil {
		return err
	}
	phy, there := links[w.phydev]
	if !there {
		return fmt.Errorf("host %s has no device %s, which the network names as PHYDEV", h.Name, w.phydev)
	}
	if phy.Master != "" && phy.Master != w.bridge {
		return fmt.Errorf("the device %s on host %s belongs to %s already and cannot join the bridge %s", w.phydev, h.Name, phy.Master, w.bridge)
	}
	br, there := links[w.bridge]
	if there && !isBridge(br) {
		return fmt.Errorf("%s on host %s is not a bridge but a device of another kind (%q)", w.bridge, h.Name, br.Info.Kind)
	}
	var steps [][]string
	if !there {
		// Without a delay a new port forwards at once, not after 15 s.
		steps = append(steps, []string{"add", "name", w.bridge, "type", "bridge", "forward_delay", "0"},
			[]string{"set", "dev", w.bridge, "alias", alias})
	}
	if phy.Master == "" {
		steps = append(steps, []string{"set", "dev", w.phydev, "master", w.bridge})
	}
	steps = append(steps, []string{"set", "dev", w.phydev, "up"}, []string{"set", "dev", w.bridge, "up"})
	return n.ipLink(ctx, h, steps)
}

func (n *Network) ipLink(ctx context.Context, h drivers.Host, steps [][]string) error {
	for _, args := range steps {
		if _, err := n.runner.Command(ctx, h, append([]string{"ip", "link"}, args...)...); err != nil {
			return err
		}
	}
	return nil
}

// remove deletes the bridge if this driver made it and only phydev is on it.
func (n *Network) remove(ctx context.Context, h drivers.Host, w wish) error {
	links, err := n.links(ctx, h)
	if err != nil {
		return err
	}
	if br, there := links[w.bridge]; !there || br.Alias != alias {
		return nil
	}
	for _, l := range links {
		if l.Master == w.bridge && l.Name != w.phydev {
			return nil
		}
	}
	return n.ipLink(ctx, h, [][]string{{"delete", "dev", w.bridge, "type", "bridge"}})
}
