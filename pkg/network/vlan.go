package network

import (
	"slices"
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// byVLAN finds networks by the VLAN ID that was given to them. IDs that users
// chose are theirs to keep apart.
var byVLAN = store.NewIndex(func(n *VNet) []string {
	if n.VLANAuto && givesVLAN(n.VNMad) {
		return []string{n.VLANID}
	}
	return nil
})

// lastVLAN is the greatest ID that 802.1Q has room for.
const lastVLAN = 4095

// givesVLAN tells whether a driver's VLAN IDs are those of 802.1Q.
func givesVLAN(driver string) bool {
	return driver == "802.1Q" || driver == "ovswitch" || driver == "ovswitch_vxlan"
}

// assignVLANs chooses the IDs that the network asks for
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

// freeVLAN answers an ID that was given to no network: the one that the
// network's own ID suggests, or the first there is.
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
