package network

import (
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// maxReservation is how many addresses one call can reserve. Each is a lease.
const maxReservation = 1 << 16

// Reservation is what one.vn.reserve is asked for.
type Reservation struct {
	Size   int64
	Into   int // the reservation to add to, None to make one called Name
	Name   string
	AR     int // where from, None for any range with room
	anyAR  bool
	starts address // the first address, if one is asked for
}

// ParseReservation reads the template of one.vn.reserve.
func ParseReservation(t attr.Template) (Reservation, error) {
	v := Reservation{Into: None, AR: None, Name: t.Get("NAME")}
	size, ok := t.Int("SIZE")
	if v.Size = int64(size); !ok || size <= 0 {
		return v, refuse("Reservation SIZE must be a greater than 0")
	}
	if id, ok := t.Int("NETWORK_ID"); ok {
		if v.Into = id; id < 0 {
			return v, refuse("NETWORK_ID must be equal or greater than 0")
		}
	} else if v.Name == "" {
		return v, refuse("NAME for reservation has to be set")
	}
	id, ok := t.Int("AR_ID")
	if v.anyAR = !ok; ok {
		if v.AR = id; id < 0 {
			return v, refuse("AR_ID must be equal or greater than 0")
		}
	}
	return v, v.parseStart(t)
}

// parseStart reads the address that a reservation is to begin with. Of several
// the IP is taken, then IP6, then MAC.
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
		if !valid {
			return v.noRoom()
		}
		v.starts = start
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

// check tells whether there may be such a reservation.
func (v *Reservation) check(tx *store.Tx, parentID int) error {
	if v.Into == parentID {
		return refuse("Cannot add a reservation from the same network")
	}
	if v.Into != None {
		n, err := Kind.Get(tx, v.Into)
		if err != nil {
			return err
		}
		if !n.IsReservation() {
			return refuse("Cannot add reservations to a non-reservation VNET")
		}
		if n.ParentID != parentID {
			return refuse("New reservations for virtual network %d have to be from network %d", v.Into, n.ParentID)
		}
	}
	parent, err := Kind.Get(tx, parentID)
	if err != nil {
		return err
	}
	if parent.IsReservation() {
		return refuse("Cannot reserve addresses from a reserved VNET")
	}
	if v.Size > maxReservation && v.Size <= parent.room() {
		return refuse("Reservation SIZE must not be greater than %d: reserve the rest with more calls", maxReservation)
	}
	return nil
}

// room is the size of the greatest range.
func (n *VNet) room() (most int64) {
	for i := range n.ARs {
		g := n.ARs[i].Range()
		most = max(most, g.Count())
	}
	return most
}
