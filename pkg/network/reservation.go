package network

import (
	"math"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// maxReservation bounds the addresses of one call, because each of them becomes a lease.
const maxReservation = 1 << 16

// Reservation is the parsed template of one.vn.reserve.
type Reservation struct {
	Size   int64
	Into   int // the reservation to extend, or None to make a new one called Name
	Name   string
	AR     int // the range to take addresses from, or None for any
	anyAR  bool
	starts address // the first address, if one is given
	noSuch bool    // the first address is not a valid one
}

// ParseReservation reads the template of one.vn.reserve, and checks whether such a reservation
// of the parent is possible.
func ParseReservation(r store.Reader, parentID int, t attr.Template) (Reservation, error) {
	v := Reservation{Into: None, AR: None, Name: t.Get("NAME")}
	size, ok := t.Int("SIZE")
	if v.Size = int64(size); !ok || size <= 0 || size > math.MaxInt32 {
		return v, refuse("Reservation SIZE must be a greater than 0")
	}
	if id, ok := t.Int("NETWORK_ID"); ok {
		v.Into = id
		if err := v.mayGrow(r, parentID); err != nil {
			return v, err
		}
	} else if v.Name == "" {
		return v, refuse("NAME for reservation has to be set")
	}
	if err := v.parseFrom(t); err != nil {
		return v, err
	}
	return v, v.mayTakeFrom(r, parentID)
}

// parseFrom reads AR_ID and the first address.
func (v *Reservation) parseFrom(t attr.Template) error {
	id, ok := t.Int("AR_ID")
	if v.anyAR = !ok; ok {
		if v.AR = id; id < 0 {
			return refuse("AR_ID must be equal or greater than 0")
		}
	}
	return v.parseStart(t)
}

// parseStart reads the address to start from: IP is preferred to IP6, and that to MAC.
func (v *Reservation) parseStart(t attr.Template) error {
	for _, key := range [...]string{"IP", "IP6", "MAC"} {
		text := t.Get(key)
		if text == "" {
			continue
		}
		if v.anyAR {
			return refuse("AR_ID must be specified for IP/MAC based reservations")
		}
		lease := attr.NewVector("LEASES", attr.Pair{Key: key, Value: text})
		start, valid, _ := asked(&lease)
		v.starts, v.noSuch = start, !valid
		return nil
	}
	return nil
}

func refuse(format string, args ...any) error { return one.Errorf(one.CodeAction, format, args...) }

func (v *Reservation) noRoom() error {
	if v.anyAR {
		return refuse("Not enough free addresses in an address range")
	}
	return refuse("Not enough free addresses in address range %d, or it does not exist", v.AR)
}

// mayGrow refuses to extend a network that is not a reservation of the parent.
func (v *Reservation) mayGrow(r store.Reader, parentID int) error {
	if v.Into < 0 {
		return refuse("NETWORK_ID must be equal or greater than 0")
	}
	if v.Into == parentID {
		return refuse("Cannot add a reservation from the same network")
	}
	n, err := Kind.Get(r, v.Into)
	switch {
	case err != nil:
		return err
	case !n.IsReservation():
		return refuse("Cannot add reservations to a non-reservation VNET")
	case n.ParentID != parentID:
		return refuse("New reservations for virtual network %d have to be from network %d", v.Into, n.ParentID)
	}
	return nil
}

// mayTakeFrom refuses a parent or a range whose addresses cannot be reserved.
func (v *Reservation) mayTakeFrom(r store.Reader, parentID int) error {
	parent, ok := Kind.Table.Get(r, store.ID(parentID))
	if !ok { // oned's text does not say which
		return one.Errorf(one.CodeNoExists, "Error getting virtual network Pool.")
	}
	if parent.IsReservation() {
		return refuse("Cannot reserve addresses from a reserved VNET")
	}
	if v.Size > maxReservation && v.Size <= parent.room() {
		return refuse("Reservation SIZE must not be greater than %d: reserve the rest with more calls", maxReservation)
	}
	return nil
}

// room is the size of the largest range.
func (n *VNet) room() (most int64) {
	for i := range n.ARs {
		g := n.ARs[i].Range()
		most = max(most, g.Count())
	}
	return most
}
