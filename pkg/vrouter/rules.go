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

// Settings are what routers need to know of the configuration.
type Settings struct {
	Network    network.Settings
	Restricted []string // what only administrators may say of a NIC
}

// Allocate makes a router, and takes an address for each floating card.
func Allocate(tx *store.Tx, s Settings, c *one.Caller, t attr.Template) (int, error) {
	v := &VRouter{Meta: object.Meta{Name: t.Get("NAME"), Template: t}}
	v.Template.Del("NAME")
	v.Own(c)
	if err := v.foresee(tx); err != nil {
		return -1, err
	}
	if err := object.CheckName(v.Name, Kind.NameBans); err != nil {
		return -1, err
	}
	v.ID = tx.Next(Kind.Table.Name(), Kind.First)
	for i, nic := range v.Template.Vectors("NIC") {
		if strings.EqualFold(nic.Get("NETWORK_MODE"), "AUTO") { // oned looks for it in new routers alone
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

// foresee tells, before anything else, which quota the floating addresses of a new router
// would go beyond, or which network none can be told of.
func (v *VRouter) foresee(r store.Reader) error {
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

// Delete forgets a router and gives its addresses back. Its VMs are answered:
// they have nothing to do without it.
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

// Usage is what a router counts for: its floating addresses.
func Usage(v *VRouter) quota.Delta {
	d := quota.Delta{Networks: map[int]int{}, ClusterID: quota.NotPlaced}
	for _, nic := range v.Template.Vectors("NIC") {
		if id, ok := nic.Int("NETWORK_ID"); ok && nic.Has("AR_ID") {
			d.Networks[id]++
		}
	}
	return d
}

// SetTemplate notes the template that VMs were made of: it is the one that is
// meant when the next call names none.
func SetTemplate(tx *store.Tx, id, template int) error {
	v, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	v.Template.Set("TEMPLATE_ID", strconv.Itoa(template))
	Kind.Put(tx, v)
	return nil
}

// updating keeps the cards: they come and go by attachnic and detachnic only.
func updating(_ *store.Tx, _ *one.Caller, old, v *VRouter) error {
	v.Template.Del("NIC")
	for _, nic := range old.Template.Named("NIC") {
		v.Template.Add(nic.Clone())
	}
	return nil
}

// chowned counts the floating addresses for the new owner.
func chowned(tx *store.Tx, _ *one.Caller, old, v *VRouter) error {
	return quota.Move(tx, old.UID, old.GID, v.UID, v.GID, Usage(v))
}

// touchNetworks has networks show their routers anew.
func touchNetworks(tx *store.Tx, v *VRouter) {
	for _, id := range v.networks() {
		network.Kind.Table.Touch(tx, store.ID(id))
	}
}
