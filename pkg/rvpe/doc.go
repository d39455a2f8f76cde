// Package rvpe is what RENKEI-VPE adds to OpenNebula: members, which are users with quotas in
// zones; types of VMs; networks whose addresses have names and may be reserved for a member;
// VMs that are named after their first address and remain listed after they have ended; and
// transfers of images.
//
// Nothing is stored twice. A member is a user, a zone is a cluster, a zone's network is a
// virtual network, and a member's VM is a VM. The rows of this package only hold RENKEI-VPE's
// own IDs, which differ from OpenNebula's, and what the other kinds do not store. How much of a
// quota is used, and whether an address is in use, is computed from the VMs.
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

// refuse is an error with RENKEI-VPE's text; its errors have no code.
func refuse(format string, args ...any) error { return one.Errorf(one.CodeAction, format, args...) }

func decimal(n int) string { return strconv.Itoa(n) }

// firstID is the first ID of RENKEI-VPE's objects; only the administrator has 0.
const firstID = 1

// last answers the newest of the rows that an index has under text, as a name may have been
// used several times.
func last[T any](r store.Reader, ix *store.Index[T], text string) (found *T) {
	for row := range ix.Find(r, text) {
		found = row.Val
	}
	return found
}

// all lists the rows of a table.
func all[T any](r store.Reader, table *store.Table[T]) (list []*T) {
	for row := range table.All(r) {
		list = append(list, row.Val)
	}
	return list
}

// indexed lists the rows that an index has under text.
func indexed[T any](r store.Reader, ix *store.Index[T], text string) (list []*T) {
	for row := range ix.Find(r, text) {
		list = append(list, row.Val)
	}
	return list
}

// byNameOrID finds a row by what a caller writes, nil when there is none.
func byNameOrID[T any](r store.Reader, table *store.Table[T], names *store.Index[T], text string) *T {
	if id, ok := idOf(text); ok {
		v, _ := table.Get(r, store.ID(id))
		return v
	}
	return last(r, names, text)
}

// idOf parses an argument that may be a name or an ID; IDs consist of digits.
func idOf(text string) (int, bool) {
	for _, c := range text {
		if c < '0' || c > '9' {
			return 0, false
		}
	}
	n, err := strconv.Atoi(text)
	return n, err == nil
}
