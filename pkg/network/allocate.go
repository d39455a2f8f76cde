package network

import (
	"time"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/cluster"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// New describes a network to be made.
type New struct {
	Template   attr.Template // may be changed
	Clusters   []int         // clusters of the network; empty means the default cluster
	ParentID   int           // None, unless it is a reservation
	TemplateID int           // the network template it is instantiated from, or None
	AnyName    bool          // the name may have any characters, as in OpenNebula 2.2
	Legacy     attr.Template // see object.Meta
}

// Allocate makes a network for one.vn.allocate. Address ranges that are wrong are left out, and
// the network is in state ERROR then: it may come from a network template that its user cannot
// change.
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

// Add makes a network without checking the caller's rights.
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

// named sets the network's ID and name. Without a NAME it is named after the network template
// (TEMPLATE_NAME) and its ID.
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

// configure checks the attributes of the template that become fields of the network, and moves
// them there.
func (n *VNet) configure(tx *store.Tx, s Settings) (err error) {
	t := &n.Template
	if n.VNMad = t.Get("VN_MAD"); n.VNMad == "" {
		return one.Errorf(one.CodeInternal, "No VN_MAD in template for Virtual Network.")
	}
	n.PhyDev, n.Bridge = t.Get("PHYDEV"), t.Get("BRIDGE")
	n.VLANID, n.VLANAuto = requestedVLAN(*t, "")
	n.OuterVLANID, n.OuterVLANAuto = requestedVLAN(*t, "OUTER_")
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
	n.keepInvalidVLANs()
	n.mirror()
	return nil
}

// ownBridge is the name of the bridge of a network whose template has no BRIDGE.
func (n *VNet) ownBridge() string {
	if n.VLANID != "" {
		return "onebr." + n.VLANID
	}
	return "onebr" + decimal(n.ID)
}

// requestedVLAN reads VLAN_ID and AUTOMATIC_VLAN_ID, or OUTER_VLAN_ID and so on if outer is
// "OUTER_".
func requestedVLAN(t attr.Template, outer string) (id string, auto bool) {
	if n, ok := t.Int(outer + "VLAN_ID"); ok && n == int(int32(n)) {
		return decimal(n), false
	}
	auto, _ = t.Bool("AUTOMATIC_" + outer + "VLAN_ID")
	return "", auto
}

// keepInvalidVLANs shows a VLAN_ID that is not a number as it was written. Drivers that need a
// VLAN ID have refused it before.
func (n *VNet) keepInvalidVLANs() {
	if n.VLANID == "" {
		n.VLANID = n.Template.Get("VLAN_ID")
	}
	if n.OuterVLANID == "" {
		n.OuterVLANID = n.Template.Get("OUTER_VLAN_ID")
	}
}

// mirror writes the fields of the network into its template, where oned shows them a second
// time. VLAN IDs that were assigned automatically are not shown there.
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

// addRanges adds the address ranges of a new network's template.
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

// addRange adds an address range. IPAM_MAD of the network applies to its ranges.
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

// fail puts the network into state ERROR, with a message in its template.
func (n *VNet) fail(now time.Time, why string) {
	n.State = one.VNetError
	n.Template.Set("ERROR", now.Format(time.ANSIC)+" : "+why)
}

func touchClusters(tx *store.Tx, ids []int) {
	for _, id := range ids {
		cluster.Kind.Table.Touch(tx, store.ID(id))
	}
}
