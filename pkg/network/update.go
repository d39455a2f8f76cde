package network

import (
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Update serves one.vn.update. If attributes change that NICs have copied, the VMs are listed
// as outdated; the caller starts the updates.
func Update(tx *store.Tx, s Settings, c *one.Caller, id int, text string, appendTo bool) error {
	if err := mayUpdateVLANs(tx, c, id, text); err != nil {
		return err
	}
	return Kind.UpdateWith(tx, id, text, appendTo, func(old, n *VNet) error {
		if err := s.Restricted.Guard(c, old.Template, &n.Template, appendTo); err != nil {
			return err
		}
		if err := n.reconfigure(s, old); err != nil {
			return err
		}
		n.outdate(tx, VMs(tx, n), changed(old.Template, n.Template, renewable))
		return nil
	})
}

// mayUpdateVLANs checks the caller's right to use new VLAN IDs. Other errors are reported
// later.
func mayUpdateVLANs(r store.Reader, c *one.Caller, id int, text string) error {
	t, err := object.ParseTemplate(text)
	if err != nil {
		return nil //nolint:nilerr // UpdateWith reports it
	}
	n, err := Kind.Get(r, id)
	if err != nil {
		return err
	}
	return MayUseVLANs(r, c, t, n.TemplateID)
}

// reconfigure applies a changed template to the network's fields. VLAN IDs that were assigned
// automatically stay (VirtualNetwork::post_update_template).
func (n *VNet) reconfigure(s Settings, old *VNet) (err error) {
	t := &n.Template
	t.Del("TEMPLATE_ID")
	t.Del("VNET_UPDATE")
	if n.VNMad = t.Get("VN_MAD"); n.VNMad == "" {
		return wrong("No VN_MAD in template for Virtual Network.")
	}
	asked := t.Get("BRIDGE_TYPE")
	if n.VNMad != old.VNMad && asked == old.BridgeType {
		asked = "" // was the default of the old driver
	}
	if n.BridgeType, err = bridgeType(s, n.VNMad, asked); err != nil {
		return err
	}
	if n.VNMad != old.VNMad {
		if err := s.serves(n.VNMad); err != nil {
			return err
		}
	}
	n.PhyDev = t.Get("PHYDEV")
	if bridge := t.Get("BRIDGE"); bridge != "" {
		n.Bridge = bridge
	}
	if !n.VLANAuto {
		n.VLANID = t.Get("VLAN_ID")
	}
	if !n.OuterVLANAuto {
		n.OuterVLANID = t.Get("OUTER_VLAN_ID")
	}
	n.mirror()
	return nil
}
