package network

import (
	"slices"
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// byVLAN finds networks by automatically assigned VLAN IDs. It is up to users to avoid
// conflicts with IDs of their own choice.
var byVLAN = store.NewIndex(func(n *VNet) []string {
	if n.VLANAuto && givesVLAN(n.VNMad) {
		return []string{n.VLANID}
	}
	return nil
})

// lastVLAN is the highest VLAN ID of 802.1Q.
const lastVLAN = 4095

// givesVLAN reports whether a driver uses 802.1Q VLAN IDs (and not VXLAN's).
func givesVLAN(driver string) bool {
	return driver == "802.1Q" || driver == "ovswitch" || driver == "ovswitch_vxlan"
}

// assignVLANs assigns IDs if the network has AUTOMATIC_VLAN_ID
// (VirtualNetworkPool::set_vlan_id).
func (n *VNet) assignVLANs(r store.Reader, s Settings) error {
	if n.VLANAuto && n.VLANID == "" {
		switch {
		case givesVLAN(n.VNMad):
			id, ok := freeVLAN(r, s, n.ID)
			if !ok {
				return one.Errorf(one.CodeInternal, "Cannot automatically assign VLAN_ID to network.")
			}
			n.VLANID = strconv.Itoa(id)
		case n.VNMad == "vxlan":
			n.VLANID = strconv.Itoa(s.FirstVXLAN + n.ID)
		}
	}
	if n.OuterVLANAuto && n.OuterVLANID == "" && n.VNMad == "ovswitch_vxlan" {
		n.OuterVLANID = strconv.Itoa(s.FirstVXLAN + n.ID)
	}
	return nil
}

// freeVLAN returns an unassigned ID: the network's ID plus VLAN_IDS/START, or else the lowest.
func freeVLAN(r store.Reader, s Settings, vnet int) (int, bool) {
	hint := s.FirstVLAN + vnet%max(lastVLAN-s.FirstVLAN, 1)
	if hint <= lastVLAN && isFreeVLAN(r, s, hint) {
		return hint, true
	}
	for id := s.FirstVLAN; id <= lastVLAN; id++ {
		if isFreeVLAN(r, s, id) {
			return id, true
		}
	}
	return 0, false
}

func isFreeVLAN(r store.Reader, s Settings, id int) bool {
	if slices.Contains(s.ReservedVLAN, id) {
		return false
	}
	_, given := byVLAN.First(r, strconv.Itoa(id))
	return !given
}
