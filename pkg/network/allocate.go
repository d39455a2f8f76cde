package network

import (
	"time"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/cluster"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// New is what a network is made of.
type New struct {
	Template   attr.Template // ours to change
	Clusters   []int         // those it serves; none is the default one
	ParentID   int           // None, but for a reservation
	TemplateID int           // the network template it is made from, None
	AnyName    bool          // the name may hold any character, as those of OpenNebula 2.2
	Legacy     attr.Template // see object.Meta
}

// Allocate makes a network for one.vn.allocate. Address ranges that are wrong
// are left out and the network is in ERROR then: what it is made from may be a
// template that its user cannot change.
func Allocate(tx *store.Tx, s Settings, c *one.Caller, t attr.Template, clusterID int) (int, error) {
	if _, err := cluster.Kind.Get(tx, cluster.ID(clusterID)); err != nil {
		return None, err
	}
	if err := checkRestricted(s, c, t); err != nil {
		return None, err
	}
	if err := MayUseVLANs(tx, c, t, None); err != nil {
		return None, err
	}
	return Add(tx, s, c, New{Template: t, Clusters: []int{cluster.ID(clusterID)}, ParentID: None, TemplateID: None})
}

// Add makes a network without looking at who may.
func Add(tx *store.Tx, s Settings, c *one.Caller, from New) (int, error) {
	n := &VNet{
		Meta: object.Meta{Template: from.Template, Legacy: from.Legacy}, Clusters: from.Clusters,
		ParentID: from.ParentID, TemplateID: from.TemplateID,
	}
	n.Own(c)
	if err := n.named(tx, c); err != nil {
		return None, err
	}
	if !from.AnyName {
		if err := n.CheckName(n.Name, Kind.NameBans); err != nil {
			return None, err
		}
	}
	if err := n.configure(tx, s); err != nil {
		return None, err
	}
	n.addRanges(s, tx.Now)
	Kind.Put(tx, n)
	touchClusters(tx, n.Clusters)
	return n.ID, nil
}

// named gives the network its name and the next ID. Without a NAME it is named
// for the network template, TEMPLATE_NAME, and its ID.
func (n *VNet) named(tx *store.Tx, c *one.Caller) error {
	t := &n.Template
	n.Name = t.Get("NAME")
	origin := t.Get("TEMPLATE_NAME")
	for _, name := range [...]string{"NAME", "TEMPLATE_NAME", "TEMPLATE_ID"} {
		t.Del(name)
	}
	if other, ok := Kind.Named(tx, n.Name, c.UID); ok {
		return one.Errorf(one.CodeInternal, "NAME is already taken by NET %d.", other.ID)
	}
	if n.Name == "" && origin == "" {
		return one.Errorf(one.CodeInternal, "No NAME in template for Virtual Network.")
	}
	n.ID = tx.Next(Kind.Table.Name(), Kind.First)
	if n.Name == "" {
		n.Name = origin + "-" + decimal(n.ID)
	}
	return nil
}

// configure takes from the template what makes the network, and checks it.
func (n *VNet) configure(tx *store.Tx, s Settings) (err error) {
	t := &n.Template
	if n.VNMad = t.Get("VN_MAD"); n.VNMad == "" {
		return one.Errorf(one.CodeInternal, "No VN_MAD in template for Virtual Network.")
	}
	n.PhyDev, n.Bridge = t.Get("PHYDEV"), t.Get("BRIDGE")
	n.VLANID, n.VLANAuto = vlanWish(*t, "")
	n.OuterVLANID, n.OuterVLANAuto = vlanWish(*t, "OUTER_")
	if err := n.checkNeeds(); err != nil {
		return err
	}
	if n.BridgeType, err = bridgeType(s, n.VNMad, t.Get("BRIDGE_TYPE")); err != nil {
		return err
	}
	if err := s.serves(n.VNMad); err != nil {
		return err
	}
	if n.Bridge == "" && n.BridgeType != "none" {
		n.Bridge = n.ownBridge()
	}
	t.Set(securityGroups, joinIDs(splitIDs(t.Get(securityGroups)+",0")))
	if err := n.assignVLANs(tx, s); err != nil {
		return err
	}
	n.keepWrongVLANs()
	n.mirror()
	return nil
}

// ownBridge is the bridge of a network that names none.
func (n *VNet) ownBridge() string {
	if n.VLANID != "" {
		return "onebr." + n.VLANID
	}
	return "onebr" + decimal(n.ID)
}

// vlanWish reads VLAN_ID or AUTOMATIC_VLAN_ID, with OUTER_ the outer one's.
func vlanWish(t attr.Template, outer string) (id string, auto bool) {
	if n, ok := t.Int(outer + "VLAN_ID"); ok && n == int(int32(n)) {
		return decimal(n), false
	}
	auto, _ = t.Bool("AUTOMATIC_" + outer + "VLAN_ID")
	return "", auto
}

// keepWrongVLANs has a VLAN_ID that is no number stay as it is written. The
// drivers that need one have refused it.
func (n *VNet) keepWrongVLANs() {
	if n.VLANID == "" {
		n.VLANID = n.Template.Get("VLAN_ID")
	}
	if n.OuterVLANID == "" {
		n.OuterVLANID = n.Template.Get("OUTER_VLAN_ID")
	}
}

// mirror writes what the network is into its template, where oned shows it a
// second time. IDs that were given are not shown there.
func (n *VNet) mirror() {
	t := &n.Template
	for _, a := range [...][2]string{
		{"VN_MAD", n.VNMad}, {"PHYDEV", n.PhyDev}, {"BRIDGE", n.Bridge}, {"BRIDGE_TYPE", n.BridgeType},
		{"VLAN_ID", n.VLANID}, {"OUTER_VLAN_ID", n.OuterVLANID},
	} {
		t.Set(a[0], a[1])
	}
	if n.VLANAuto {
		t.Del("VLAN_ID")
	}
	if n.OuterVLANAuto {
		t.Del("OUTER_VLAN_ID")
	}
	t.Del("AUTOMATIC_VLAN_ID")
	t.Del("AUTOMATIC_OUTER_VLAN_ID")
}

// addRanges makes the address ranges of a new network.
func (n *VNet) addRanges(s Settings, now time.Time) {
	n.State = one.VNetReady
	if name := s.misspelled(n.VNMad); name != "" {
		n.fail(now, "There is no network driver "+n.VNMad+", but "+name)
		return
	}
	n.Template.Del("ERROR")
	n.Template.Del("VNET_UPDATE")
	wanted := n.Template.Named("AR").Clone()
	n.Template.Del("AR")
	for _, v := range wanted.Vectors("AR") {
		if err := n.addRange(s, v); err != nil {
			n.fail(now, err.Error())
		}
	}
}

// addRange adds an address range; its network's IPAM_MAD is its own.
func (n *VNet) addRange(s Settings, v *attr.Attr) error {
	ar := v.Clone()
	if mad := n.Template.Get("IPAM_MAD"); mad != "" && ar.Get("IPAM_MAD") == "" {
		ar.Set("IPAM_MAD", mad)
	}
	a, err := newAR(s, n.nextAR(), ar)
	if err != nil {
		return err
	}
	n.ARs = append(n.ARs, a)
	return nil
}

// fail puts the network into ERROR and says why.
func (n *VNet) fail(now time.Time, why string) {
	n.State = one.VNetError
	n.Template.Set("ERROR", now.Format(time.ANSIC)+" : "+why)
}

func touchClusters(tx *store.Tx, ids []int) {
	for _, id := range ids {
		cluster.Kind.Table.Touch(tx, store.ID(id))
	}
}
