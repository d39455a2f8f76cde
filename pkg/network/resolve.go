package network

import (
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/user"
)

// Named reports whether a NIC names a network.
func Named(nic *attr.Attr) bool { return nic.Get("NETWORK_ID") != "" || nic.Get("NETWORK") != "" }

// Resolve finds the network of a NIC: by NETWORK_ID, or by NETWORK among the networks of
// NETWORK_UID, NETWORK_UNAME, or else of the user uid.
func Resolve(r store.Reader, uid int, nic *attr.Attr) (vnetID int, err error) {
	if text := nic.Get("NETWORK_ID"); text != "" {
		if id, ok := leadingInt(text); ok {
			if _, err := Kind.Get(r, id); err == nil {
				return id, nil
			}
		}
		return None, one.Errorf(one.CodeInternal, "Virtual network with ID: %s does not exist", text)
	}
	name := nic.Get("NETWORK")
	if name == "" {
		return None, one.Errorf(one.CodeInternal, "The NIC names no network: set NETWORK_ID or NETWORK.")
	}
	owner, err := ownerOf(r, uid, nic)
	if err != nil {
		return None, err
	}
	if n, ok := Kind.Named(r, name, owner); ok {
		return n.ID, nil
	}
	return None, one.Errorf(one.CodeInternal, "User %d does not own a network with name: %s . "+
		"Set NETWORK_UNAME or NETWORK_UID of owner in NIC.", owner, name)
}

// leadingInt reads the number at the start of a text and ignores the rest, as oned does here
// (VirtualNetworkPool::get_nic_by_id).
func leadingInt(text string) (int, bool) {
	text = strings.TrimLeft(text, " \t\r\n")
	end := 0
	for end < len(text) && (text[end] >= '0' && text[end] <= '9' || end == 0 && (text[0] == '-' || text[0] == '+')) {
		end++
	}
	n, err := strconv.ParseInt(text[:end], 10, 32)
	return int(n), err == nil
}

// Pin replaces the name of a NIC's network by its ID. Names refer to networks of the caller,
// even if the VM or the router belongs to somebody else (VirtualNetworkPool::authorize_nic). A
// NIC whose network is not found is left as it is.
func Pin(r store.Reader, uid int, nic *attr.Attr) {
	if nic.Get("NETWORK_ID") != "" || nic.Get("NETWORK") == "" {
		return
	}
	if id, err := Resolve(r, uid, nic); err == nil {
		nic.Set("NETWORK_ID", strconv.Itoa(id))
	}
}

// ownerOf returns the owner of the network that a NIC names.
func ownerOf(r store.Reader, uid int, nic *attr.Attr) (int, error) {
	if nic.Get("NETWORK_UID") != "" {
		owner, ok := nic.Int("NETWORK_UID")
		if !ok {
			return None, one.Errorf(one.CodeInternal, "Cannot get user in NETWORK_UID")
		}
		return owner, nil
	}
	name := nic.Get("NETWORK_UNAME")
	if name == "" {
		return uid, nil
	}
	u, ok := user.Kind.Named(r, name, 0)
	if !ok {
		return None, one.Errorf(one.CodeInternal, "User set in NETWORK_UNAME does not exist")
	}
	return u.ID, nil
}
