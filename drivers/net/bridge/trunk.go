package bridge

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/drivers"
)

// trunk has the VLANs that VMs see tagged, to use VLANs themselves. The bridge then filters
// VLANs. The zero value is no trunk.
type trunk struct {
	untagged int      // the VLAN of untagged packets, 0 for the bridge's default
	vids     []string // IDs, and ranges from-to
}

func (t trunk) some() bool { return len(t.vids) > 0 }

// trunkOf parses "200,300-310".
func trunkOf(nic drivers.NIC, key string, untagged int) (t trunk, err error) {
	text := strings.ReplaceAll(nic.Attrs.Get(key), " ", "")
	if text == "" {
		return t, nil
	}
	t.untagged = untagged
	for part := range strings.SplitSeq(text, ",") {
		first, last, isRange := strings.Cut(part, "-")
		low, err := number(key, first, 1, lastVLAN)
		if err != nil {
			return t, err
		}
		if !isRange {
			t.vids = append(t.vids, strconv.Itoa(low))
			continue
		}
		high, err := number(key, last, 1, lastVLAN)
		if err != nil {
			return t, err
		}
		t.vids = append(t.vids, fmt.Sprintf("%d-%d", min(low, high), max(low, high)))
	}
	return t, nil
}

// port answers the commands that allow the VLANs on a port of the bridge.
func (t trunk) port(device string) (todo steps) {
	if t.untagged > 0 {
		todo.vlan("add", "dev", device, "vid", strconv.Itoa(t.untagged), "pvid", "untagged")
	}
	for _, vid := range t.vids {
		todo.vlan("add", "dev", device, "vid", vid)
	}
	return todo
}

// trunked answers the commands that switch VLAN filtering on, if it is off.
func (w wish) trunked(links map[string]link) (todo steps) {
	_, there := links[w.uplink.name]
	if !w.uplink.trunk.some() || there && links[w.bridge].filters() {
		return nil
	}
	todo = w.uplink.trunk.port(w.uplink.name)
	todo.link("set", "dev", w.bridge, "type", "bridge", "vlan_filtering", "1")
	return todo
}

// retrunked answers the commands that update the VLANs of all ports of a bridge whose network
// had other VLANs. New ports are not in links.
func (w wish) retrunked(had bool, links map[string]link) (todo steps) {
	t := w.uplink.trunk
	if !t.some() && !had {
		return nil
	}
	for name, l := range links {
		if l.Master == w.bridge {
			todo.vlan("del", "dev", name, "vid", "2-"+strconv.Itoa(lastVLAN))
			todo = append(todo, t.port(name)...)
		}
	}
	if !t.some() {
		todo.link("set", "dev", w.bridge, "type", "bridge", "vlan_filtering", "0")
	}
	return todo
}

// Activate allows the VLANs of a trunk on the VM's port, which exists now. The hypervisor has
// put it on the bridge.
func (n *Network) Activate(ctx context.Context, h drivers.Host, vm drivers.VM, nic drivers.NIC) error {
	w, err := n.wishOf(nic)
	if err != nil || !w.uplink.trunk.some() {
		return err
	}
	tap, err := tapOf(vm, nic)
	if err != nil {
		return err
	}
	return n.alone(ctx, h, w, func() error { return n.run(ctx, h, w.uplink.trunk.port(tap)) })
}
