package vrouter

import (
	"slices"
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// AttachNIC adds a NIC to a router and returns it as the router's VMs need it.
func AttachNIC(tx *store.Tx, s Settings, c *one.Caller, id int, t attr.Template) (attr.Attr, error) {
	v, err := Kind.Edit(tx, id)
	if err != nil {
		return attr.Attr{}, err
	}
	if t.Has("NIC_ALIAS") {
		return attr.Attr{}, refuse("Alias can't be attached to virtual router.")
	}
	given := t.Vectors("NIC")
	if len(given) != 1 {
		return attr.Attr{}, refuse("The template must contain one NIC attribute")
	}
	before, nic := Usage(v), given[0].Clone()
	network.Pin(tx, c.UID, &nic)
	if err := takeNIC(tx, s, c, v, &nic, v.nextNIC()); err != nil {
		return attr.Attr{}, asAction(err)
	}
	v.Template.Add(nic)
	if err := quota.Charge(tx, v.UID, v.GID, difference(before, Usage(v))); err != nil {
		return attr.Attr{}, err
	}
	Kind.Put(tx, v)
	touchNetworks(tx, v)
	return nic.Clone(), nil
}

// DetachNIC removes a NIC from a router and releases its floating IP.
func DetachNIC(tx *store.Tx, id, nicID int) error {
	v, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	nic := v.nic(nicID)
	if nic == nil {
		return refuse("NIC with NIC_ID %d does not exist.", nicID)
	}
	touchNetworks(tx, v)
	before := Usage(v)
	address := addressOf(nic)
	network.Detach(tx, holder(id), &address)
	v.Template.DelFunc(func(a *attr.Attr) bool { return a.Name == "NIC" && isNIC(a, nicID) })
	quota.Refund(tx, v.UID, v.GID, difference(Usage(v), before))
	Kind.Put(tx, v)
	return nil
}

// takeNIC fills in a NIC; one with a floating IP takes a lease.
func takeNIC(tx *store.Tx, s Settings, c *one.Caller, v *VRouter, nic *attr.Attr, id int) error {
	nic.Set("NIC_ID", strconv.Itoa(id))
	if err := checkRestricted(s, c, nic); err != nil {
		return err
	}
	if network.Named(nic) {
		if err := network.Attach(tx, s.Network, holder(v.ID), v.UID, nic); err != nil {
			return err
		}
	}
	forVMs(s, nic)
	return nil
}

// checkRestricted refuses restricted attributes in a NIC that is copied to the VMs. For
// floating IPs these attributes are not copied.
func checkRestricted(s Settings, c *one.Caller, nic *attr.Attr) error {
	if floats(nic) || c.IsAdmin() {
		return nil
	}
	for _, key := range s.Restricted {
		if nic.Has(key) {
			return one.Errorf(one.CodeAuthorization, "NIC includes a restricted attribute NIC/%s", key)
		}
	}
	return nil
}

// own are the attributes of the floating IP. They are not copied to the VMs, which have
// addresses of their own.
var own = []string{"MAC", "IP", "IP6", "IP6_LINK", "IP6_ULA", "IP6_GLOBAL", "VLAN_ID"}

const ofRouter = "VROUTER_"

// forVMs turns a NIC with a floating IP into what its VMs get.
func forVMs(s Settings, nic *attr.Attr) {
	if !floats(nic) {
		return
	}
	for _, key := range own {
		if value, ok := nic.Lookup(key); ok {
			nic.Del(key)
			nic.Set(ofRouter+key, value)
		}
	}
	for _, key := range s.Restricted {
		nic.Del(key)
	}
}

// addressOf is the part of a NIC that identifies its lease.
func addressOf(nic *attr.Attr) attr.Attr {
	a := nic.Clone()
	for _, key := range own {
		if value, ok := a.Lookup(ofRouter + key); ok {
			a.Set(key, value)
		}
	}
	return a
}

func floats(nic *attr.Attr) bool {
	yes, _ := nic.Bool("FLOATING_IP")
	return yes
}

func isNIC(nic *attr.Attr, id int) bool {
	n, ok := nic.Int("NIC_ID")
	return ok && n == id
}

func (v *VRouter) nic(id int) *attr.Attr {
	nics := v.Template.Vectors("NIC")
	if at := slices.IndexFunc(nics, func(n *attr.Attr) bool { return isNIC(n, id) }); at >= 0 {
		return nics[at]
	}
	return nil
}

func (v *VRouter) nextNIC() int {
	next := 0
	for _, nic := range v.Template.Vectors("NIC") {
		if id, ok := nic.Int("NIC_ID"); ok {
			next = max(next, id+1)
		}
	}
	return next
}

// difference is what more has in addition to less.
func difference(less, more quota.Delta) quota.Delta {
	d := quota.Delta{Networks: map[int]int{}, ClusterID: quota.NotPlaced}
	for id, n := range more.Networks {
		if n > less.Networks[id] {
			d.Networks[id] = n - less.Networks[id]
		}
	}
	return d
}
