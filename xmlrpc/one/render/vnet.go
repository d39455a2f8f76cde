package render

import (
	"slices"
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vrouter"
)

// VNet writes a network as one.vn.info shows it to those who may manage it: with all leases.
func VNet(w *Writer, r store.Reader, n *network.VNet) {
	VNetFor(func(network.Holder) bool { return true })(w, r, n)
}

// VNetFor makes a VNet for a caller who may only see some holders of leases.
func VNetFor(sees func(network.Holder) bool) func(*Writer, store.Reader, *network.VNet) {
	return func(w *Writer, r store.Reader, n *network.VNet) {
		w.vnetHead(r, n, sees)
		for i := range n.ARs {
			w.rangeInFull(r, n, &n.ARs[i], sees)
		}
		w.vnetEnd()
	}
}

// VNetInPool writes a network as in the pool, where the leases of a range are one text of
// numbers.
func VNetInPool(w *Writer, r store.Reader, n *network.VNet) {
	w.vnetHead(r, n, func(network.Holder) bool { return true })
	for i := range n.ARs {
		w.rangeInShort(r, n, &n.ARs[i])
	}
	w.vnetEnd()
}

// vnetHead writes everything before the address ranges.
func (w *Writer) vnetHead(r store.Reader, n *network.VNet, sees func(network.Holder) bool) {
	w.Open("VNET")
	w.owned(&n.Meta)
	w.lock(n.Lock)
	w.permissions(n.Perms)
	w.IDs("CLUSTERS", n.Clusters)
	w.CDATA("BRIDGE", n.Bridge)
	w.CDATA("BRIDGE_TYPE", n.BridgeType)
	w.CDATA("STATE", strconv.Itoa(int(n.State)))
	w.CDATA("PREV_STATE", strconv.Itoa(int(n.State)))
	w.idOrEmpty("PARENT_NETWORK_ID", n.ParentID)
	w.idOrEmpty("TEMPLATE_ID", n.TemplateID)
	for _, a := range [...][2]string{
		{"VN_MAD", n.VNMad}, {"PHYDEV", n.PhyDev}, {"VLAN_ID", n.VLANID}, {"OUTER_VLAN_ID", n.OuterVLANID},
	} {
		w.cdataOrEmpty(a[0], a[1])
	}
	w.Bool("VLAN_ID_AUTOMATIC", n.VLANAuto)
	w.Bool("OUTER_VLAN_ID_AUTOMATIC", n.OuterVLANAuto)
	w.Int("USED_LEASES", n.Used())
	w.IDs("VROUTERS", slices.DeleteFunc(vrouter.Of(r, n.ID), func(id int) bool {
		return !sees(network.Holder{Kind: one.KindVRouter, ID: id})
	}))
	w.updates(r, n)
	w.Template("TEMPLATE", n.Template)
	w.Open("AR_POOL")
}

func (w *Writer) vnetEnd() {
	w.Close("AR_POOL")
	w.Close("VNET")
}

// idOrEmpty writes an ID, or <TAG/> for none.
func (w *Writer) idOrEmpty(tag string, id int) {
	if id == network.None {
		w.Empty(tag)
		return
	}
	w.Int(tag, int64(id))
}

// cdataOrEmpty writes a text, or <TAG/> for none.
func (w *Writer) cdataOrEmpty(tag, s string) {
	if s == "" {
		w.Empty(tag)
		return
	}
	w.CDATA(tag, s)
}

// updates lists the VMs of a network by the stage of their update.
func (w *Writer) updates(r store.Reader, n *network.VNet) {
	lists := [...]struct {
		name string
		at   network.Stage
	}{
		{"OUTDATED_VMS", network.Outdated}, {"UPDATING_VMS", network.Updating}, {"ERROR_VMS", network.Failed},
	}
	behind := map[int]bool{}
	for row := range network.Lags.Of(r, n.ID) {
		behind[row.Val.VM] = true
	}
	w.IDs("UPDATED_VMS", slices.DeleteFunc(network.VMs(r, n), func(vm int) bool { return behind[vm] }))
	for _, list := range lists {
		var vms []int
		for l := range network.LagsOf(r, n.ID, list.at) {
			vms = append(vms, l.VM)
		}
		w.IDs(list.name, vms)
	}
}
