package vm

import (
	"slices"

	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/secgroup"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vmgroup"
)

// Needs lists the rights on images, networks, security groups and VM groups that follow
// from a template: USE of each that it names. What it names and is not there is
// not asked for: the rule that takes it says so in better words.
func Needs(r store.Reader, c *one.Caller, t attr.Template) []acl.Ask {
	var asks []acl.Ask
	for _, d := range t.Vectors("DISK") {
		if id, named, err := image.Resolve(r, c.UID, d); err == nil && named {
			asks = ask(asks, r, image.Kind, id)
		}
	}
	nics := slices.Concat(t.Vectors("NIC"), t.Vectors("NIC_ALIAS"), t.Vectors("PCI"))
	for _, nic := range nics {
		if !network.Named(nic) {
			continue
		}
		if id, err := network.Resolve(r, c.UID, nic); err == nil {
			asks = ask(asks, r, network.Kind, id)
		}
	}
	for _, nic := range nics {
		for _, id := range splitIDs(nic.Get("SECURITY_GROUPS")) {
			asks = ask(asks, r, secgroup.Kind, id)
		}
	}
	if g := t.Vector("VMGROUP"); g != nil {
		if group, ok := namedGroup(r, c.UID, g); ok {
			asks = ask(asks, r, vmgroup.Kind, group.ID)
		}
	}
	return asks
}

// ask adds USE of an object, once.
func ask(asks []acl.Ask, r store.Reader, kind object.Any, id int) []acl.Ask {
	o, clusters, err := kind.Look(r, id)
	if err != nil || slices.ContainsFunc(asks, func(a acl.Ask) bool { return a.Kind == kind.ID() && a.ID == id }) {
		return asks
	}
	return append(asks, acl.On(kind.ID(), o, clusters, one.Use))
}
