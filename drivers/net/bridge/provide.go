package bridge

import (
	"context"
	"fmt"
	"slices"

	"github.com/renkei-vpe/renkei/drivers"
)

// steps are commands for a host.
type steps [][]string

func (s *steps) link(args ...string) { *s = append(*s, append([]string{"ip", "link"}, args...)) }
func (s *steps) vlan(args ...string) { *s = append(*s, append([]string{"bridge", "vlan"}, args...)) }

func (n *hosts) run(ctx context.Context, h drivers.Host, todo steps) error {
	for _, args := range todo {
		if _, err := n.shell.Command(ctx, h, args...); err != nil {
			return err
		}
	}
	return nil
}

// provide creates the bridge and its uplink and brings them up, as far as necessary. A bridge
// without an uplink has to exist already.
func (n *hosts) provide(ctx context.Context, h drivers.Host, w wish) error {
	links, err := n.links(ctx, h)
	if err != nil {
		return err
	}
	return n.lead(ctx, h, w, links, nil)
}

// lead is provide for a host with these devices, after other commands. If it cannot be done, no
// command is run.
func (n *hosts) lead(ctx context.Context, h drivers.Host, w wish, links map[string]link, first steps) error {
	if w.uplink.phydev == "" {
		if err := w.check(h, links); err != nil {
			return err
		}
		return n.run(ctx, h, first)
	}
	todo, err := w.missing(h, links)
	if err != nil {
		return err
	}
	if _, there := links[w.uplink.name]; !there && w.uplink.local {
		if err := n.anchor(ctx, h, w.uplink, todo); err != nil {
			return err
		}
	}
	return n.run(ctx, h, slices.Concat(first, todo, w.trunked(links)))
}

// anchor sets the local address of a tunnel that will be created to one of PHYDEV.
func (n *hosts) anchor(ctx context.Context, h drivers.Host, u uplink, todo steps) error {
	address, err := n.address(ctx, h, u.phydev)
	if err != nil {
		return err
	}
	for i, args := range todo {
		if args[2] == "add" && slices.Contains(args, u.name) {
			todo[i] = append(args, "local", address)
		}
	}
	return nil
}

// check fails unless the bridge exists and is up.
func (w wish) check(h drivers.Host, links map[string]link) error {
	br, there := links[w.bridge]
	switch {
	case !there:
		return fmt.Errorf("host %s has no bridge %s: make it with \"ip link add name %[2]s type bridge forward_delay 0 && ip link set dev %[2]s up\", or give the network a PHYDEV and it will be made", h.Name, w.bridge)
	case !br.isBridge():
		return w.noBridge(h, br)
	case !br.up():
		return fmt.Errorf("the bridge %s on host %s is down: bring it up with \"ip link set dev %[1]s up\"", w.bridge, h.Name)
	}
	return nil
}

func (w wish) noBridge(h drivers.Host, l link) error {
	return fmt.Errorf("%s on host %s is not a bridge but a device of another kind (%q)", w.bridge, h.Name, l.Info.Kind)
}

// missing answers the commands that create what w needs and the host does not have.
func (w wish) missing(h drivers.Host, links map[string]link) (todo steps, err error) {
	u := w.uplink
	if err := w.fits(h, links); err != nil {
		return nil, err
	}
	br, there := links[w.bridge]
	if !there {
		// Without the delay of 15 s, a new port forwards at once.
		todo.link("add", "name", w.bridge, "type", "bridge", "forward_delay", "0")
		todo.link("set", "dev", w.bridge, "alias", alias)
	}
	if !links[u.phydev].up() {
		todo.link("set", "dev", u.phydev, "up")
	}
	device, there := links[u.name]
	if !there {
		todo.link(append([]string{"add"}, u.add...)...)
		todo.link("set", "dev", u.name, "alias", alias)
	}
	if device.Master == "" {
		todo.link("set", "dev", u.name, "master", w.bridge)
	}
	if !device.up() && u.kind != "" {
		todo.link("set", "dev", u.name, "up")
	}
	if !br.up() {
		todo.link("set", "dev", w.bridge, "up")
	}
	return todo, nil
}

// fits fails if existing devices on the host conflict with what w needs.
func (w wish) fits(h drivers.Host, links map[string]link) error {
	u := w.uplink
	phy, there := links[u.phydev]
	device, made := links[u.name]
	br, bridged := links[w.bridge]
	switch {
	case !there:
		return fmt.Errorf("host %s has no device %s, which the network names as PHYDEV", h.Name, u.phydev)
	case made && u.kind != "" && !device.is(u):
		return fmt.Errorf("%s on host %s is not the %s %d of %s but another device (%q, ID %d): rename or delete it there", u.name, h.Name, u.kind, u.id, u.phydev, device.Info.Kind, device.id())
	case made && device.Master != "" && device.Master != w.bridge:
		return fmt.Errorf("the device %s on host %s belongs to %s already and cannot join the bridge %s: give both networks the same BRIDGE", u.name, h.Name, device.Master, w.bridge)
	case bridged && !br.isBridge():
		return w.noBridge(h, br)
	case !made:
		if err := u.fitsUpon(h, phy); err != nil {
			return err
		}
	}
	return w.noOther(h, links)
}

// noOther fails if the bridge is also connected to another VLAN, and must not be.
func (w wish) noOther(h drivers.Host, links map[string]link) error {
	if !w.strict || w.uplink.kind == "" {
		return nil
	}
	for _, l := range links {
		if l.Master == w.bridge && l.id() >= 0 && l.id() != w.uplink.id {
			return fmt.Errorf("the bridge %s on host %s leads to the VLAN %d by %s, and the network has VLAN_ID %d (validate_vlan_id)", w.bridge, h.Name, l.id(), l.Name, w.uplink.id)
		}
	}
	return nil
}
