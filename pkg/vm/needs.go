package vm

import (
	"slices"
	"strings"

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

// Needs lists the rights that a template requires: USE of its images, networks, security groups
// (also those of the networks) and VM group. It skips objects that do not exist, as the rule that
// uses them has a better error. Duplicates are kept, as in oned's messages.
func Needs(r store.Reader, c *one.Caller, t attr.Template) []acl.Ask {
	var asks []acl.Ask
	for _, d := range t.Vectors("DISK") {
		if id, named, err := image.Resolve(r, c.UID, d); err == nil && named {
			asks = ask(asks, r, image.Kind, id)
		}
	}
	nics := slices.Concat(t.Vectors("NIC"), t.Vectors("NIC_ALIAS"), t.Vectors("PCI"))
	for _, nic := range nics {
		asks = append(asks, NICNeeds(r, c.UID, nic)...)
	}
	if g := t.Vector("VMGROUP"); g != nil {
		if group, ok := namedGroup(r, c.UID, g); ok {
			asks = ask(asks, r, vmgroup.Kind, group.ID)
		}
	}
	return asks
}

// NICNeeds does so for one NIC. A NIC with NETWORK_MODE=AUTO needs no rights until its network is
// chosen.
func NICNeeds(r store.Reader, uid int, nic *attr.Attr) (asks []acl.Ask) {
	if strings.EqualFold(nic.Get("NETWORK_MODE"), "auto") {
		return nil
	}
	groups := splitIDs(nic.Get("SECURITY_GROUPS"))
	if network.Named(nic) {
		if id, err := network.Resolve(r, uid, nic); err == nil {
			asks = ask(asks, r, network.Kind, id)
			n, _ := network.Kind.Get(r, id)
			groups = append(groups, n.AllSecurityGroups()...)
		}
	}
	slices.Sort(groups)
	for _, id := range slices.Compact(groups) {
		asks = ask(asks, r, secgroup.Kind, id)
	}
	return asks
}

// ask appends USE of an object.
func ask(asks []acl.Ask, r store.Reader, kind object.Any, id int) []acl.Ask {
	o, clusters, err := kind.Look(r, id)
	if err != nil {
		return asks
	}
	return append(asks, acl.On(kind.ID(), o, clusters, one.Use))
}
