// Package rvpe is what RENKEI-VPE has beyond OpenNebula: members, which are users
// with limits in zones; types of VMs; networks whose addresses have names and may
// be reserved for a member; VMs that are named after their first address and
// remembered for ever; and transfers of images.
//
// Nothing is stored twice. A member is a user, a zone is a cluster, a network of a
// zone is a virtual network, and a member's VM is a VM. The rows of this package
// only hold RENKEI-VPE's own IDs, which are not OpenNebula's, and what the other
// kinds do not know. How much of a limit is used, and whether an address is in
// use, follows from the VMs.
package rvpe

import (
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// Settings are the settings of RENKEI-VPE's part.
type Settings struct {
	HostDriver    string // IM_MAD and VM_MAD of hosts that are added to zones
	NetworkDriver string // VN_MAD of networks
	Limit         int    // quota of a member in a zone when none is given
	MaxVirtualGiB int    // virtual size of an image
	Images        image.Settings
	Networks      network.Settings
	VMs           vm.Settings
}

// Tables are the tables of this package.
func Tables() []store.AnyTable {
	return []store.AnyTable{members, zones, types, networks, leases, machines, transfers}
}

// refuse is an error in RENKEI-VPE's own words, which carry no code.
func refuse(format string, args ...any) error { return one.Errorf(one.CodeAction, format, args...) }

func decimal(n int) string { return strconv.Itoa(n) }

// firstID is RENKEI-VPE's first ID; only the administrator has 0.
const firstID = 1

// last answers the value with the highest key that an index has under text: if a name was used
// several times, the newest is meant.
func last[T any](r store.Reader, ix *store.Index[T], text string) (found *T) {
	for row := range ix.Find(r, text) {
		found = row.Val
	}
	return found
}

// idOf reads an argument that may be a name or an ID; an ID is all digits.
func idOf(text string) (int, bool) {
	for _, c := range text {
		if c < '0' || c > '9' {
			return 0, false
		}
	}
	n, err := strconv.Atoi(text)
	return n, err == nil
}
