package vrouter

import (
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Settings are the settings of virtual routers.
type Settings struct {
	Network    network.Settings
	Restricted []string // attributes of a NIC that only administrators may set
}

// Allocate makes a router, and leases the floating IPs of its NICs.
func Allocate(tx *store.Tx, s Settings, c *one.Caller, t attr.Template) (int, error) {
	v := &VRouter{Meta: object.Meta{Name: t.Get("NAME"), Template: t}}
	v.Template.Del("NAME")
	v.Own(c)
	if err := v.precheck(tx); err != nil {
		return -1, err
	}
	if err := object.CheckName(v.Name, Kind.NameBans); err != nil {
		return -1, err
	}
	v.ID = tx.Next(Kind.Table.Name(), Kind.First)
	for i, nic := range v.Template.Vectors("NIC") {
		if strings.EqualFold(nic.Get("NETWORK_MODE"), "AUTO") { // oned checks this for new routers only
			return -1, one.Errorf(one.CodeInternal, "Virtual Router is incompatible with auto mode")
		}
		if err := takeNIC(tx, s, c, v, nic, i); err != nil {
			return -1, err
		}
	}
	if err := quota.Charge(tx, v.UID, v.GID, Usage(v)); err != nil {
		return -1, err
	}
	Kind.Put(tx, v)
	touchNetworks(tx, v)
	return v.ID, nil
}

// precheck returns the errors that oned reports first: a quota that the floating IPs of a new
// router would exceed, or a NETWORK_ID that is not a number.
func (v *VRouter) precheck(r store.Reader) error {
	d := quota.Delta{Networks: map[int]int{}, ClusterID: quota.NotPlaced}
	for _, nic := range v.Template.Vectors("NIC") {
		card := nic.Clone()
		network.Pin(r, v.UID, &card)
		text := card.Get("NETWORK_ID")
		if !floats(&card) || text == "" {
			continue
		}
		id, ok := card.Int("NETWORK_ID")
		if !ok && quota.Counted(v.UID, v.GID) {
			return one.Errorf(one.CodeAuthorization, "user [%d] String '%s' is not a valid ID.", v.UID, text)
		}
		d.Networks[id]++
	}
	return quota.Check(r, v.UID, v.GID, d)
}

// Delete removes a router and releases its leases. It returns its VMs, which the caller
// terminates.
func Delete(tx *store.Tx, id int) (vms []int, err error) {
	v, err := Kind.Get(tx, id)
	if err != nil {
		return nil, err
	}
	network.ReleaseAll(tx, holder(id))
	quota.Refund(tx, v.UID, v.GID, Usage(v))
	Kind.Remove(tx, id)
	touchNetworks(tx, v)
	return v.VMs, nil
}

// Usage is the quota usage of a router: its floating IPs.
func Usage(v *VRouter) quota.Delta {
	d := quota.Delta{Networks: map[int]int{}, ClusterID: quota.NotPlaced}
	for _, nic := range v.Template.Vectors("NIC") {
		if id, ok := nic.Int("NETWORK_ID"); ok && nic.Has("AR_ID") {
			d.Networks[id]++
		}
	}
	return d
}

// SetTemplate stores the template that VMs were made from, as the default of later calls.
func SetTemplate(tx *store.Tx, id, template int) error {
	v, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	v.Template.Set("TEMPLATE_ID", strconv.Itoa(template))
	Kind.Put(tx, v)
	return nil
}

// updating keeps the NICs as they are: only attachnic and detachnic change them.
func updating(_ *store.Tx, _ *one.Caller, old, v *VRouter) error {
	v.Template.Del("NIC")
	for _, nic := range old.Template.Named("NIC") {
		v.Template.Add(nic.Clone())
	}
	return nil
}

// chowned moves the leases to the quotas of the new owner.
func chowned(tx *store.Tx, _ *one.Caller, old, v *VRouter) error {
	return quota.Move(tx, old.UID, old.GID, v.UID, v.GID, Usage(v))
}

// touchNetworks updates the list of routers that is shown in networks.
func touchNetworks(tx *store.Tx, v *VRouter) {
	for _, id := range v.networks() {
		network.Kind.Table.Touch(tx, store.ID(id))
	}
}
