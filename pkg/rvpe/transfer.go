package rvpe

import (
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Transfer is a session in which an image is sent or fetched in chunks. It is
// its member's: nobody else can use it.
type Transfer struct {
	ID       int    `cbor:"1,keyasint"`
	Name     string `cbor:"2,keyasint"`
	MemberID int    `cbor:"3,keyasint"`
	Put      bool   `cbor:"4,keyasint"` // sent to us; else fetched
	Path     string `cbor:"5,keyasint"`
	Size     int64  `cbor:"6,keyasint"` // bytes
	Began    int64  `cbor:"7,keyasint"`
	Done     bool   `cbor:"8,keyasint,omitempty"`
}

// Clone implements store.Cloner.
func (t *Transfer) Clone() *Transfer { c := *t; return &c }

var (
	transfersByName = store.NewIndex(func(t *Transfer) []string { return []string{t.Name} })
	transfers       = store.NewTable("rvpe_transfer", transfersByName)
)
