// Package zone is the noun zone: an installation of OpenNebula. This server is
// the zone 0; others of a federation are only known by their address.
package zone

import (
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Zone is a zone.
type Zone struct {
	object.Meta
	Disabled bool `cbor:"10,keyasint,omitempty"`
}

// LocalID is this server's own zone.
const LocalID = 0

// Clone implements store.Cloner.
func (z *Zone) Clone() *Zone { return &Zone{Meta: z.Meta.Copy(), Disabled: z.Disabled} }

// Kind describes zones to the shared verbs.
var Kind = object.Define("zone", object.Spec[Zone]{Kind: one.KindZone, Names: object.NamesGlobal, First: 100})

// Setup makes this server's zone. endpoint is the URL of its API.
func Setup(tx *store.Tx, endpoint string) {
	z := &Zone{Meta: object.Meta{ID: LocalID, Name: "OpenNebula"}}
	z.Template.Set("ENDPOINT", endpoint)
	Kind.Put(tx, z)
}
