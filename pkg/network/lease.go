package network

import (
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Lease is one address in use. Its key is (network, address range and index).
type Lease struct {
	VNet  int      `cbor:"1,keyasint"`
	AR    int      `cbor:"2,keyasint"`
	Index int64    `cbor:"3,keyasint"` // from the range's first address
	Kind  one.Kind `cbor:"4,keyasint"` // who has it: KindVM, KindVRouter, KindNet (a reservation)
	Owner int      `cbor:"5,keyasint"` // its ID; -1 with KindVM is a lease on hold
}

// Clone implements store.Cloner.
func (l *Lease) Clone() *Lease { c := *l; return &c }

// Key is where a lease is kept. An address range has up to 2^32 addresses.
func (l *Lease) Key() store.Key {
	return store.Key{A: int64(l.VNet), B: int64(l.AR)<<32 | l.Index}
}

// ByHolder finds the leases of a holder.
var ByHolder = store.NewIndex(func(l *Lease) []string { return []string{holder(l.Kind, l.Owner)} })

// Leases is the table of leases.
var Leases = store.NewTable("lease", ByHolder)

func holder(kind one.Kind, id int) string { return kind.String() + " " + strconv.Itoa(id) }
