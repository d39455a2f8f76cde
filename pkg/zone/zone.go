// Package zone is the noun zone: an installation of OpenNebula. This server is
// the zone 0 and stands alone: it leads no federation and follows nobody.
package zone

import (
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Zone is a zone.
type Zone struct {
	object.Meta
	Disabled bool          `cbor:"10,keyasint,omitempty"` // nothing is changed, but for the zone itself
	Servers  attr.Template `cbor:"11,keyasint,omitempty"` // SERVER vectors
}

// LocalID is this server's own zone.
const LocalID = 0

// Clone implements store.Cloner.
func (z *Zone) Clone() *Zone {
	return &Zone{Meta: z.Meta.Copy(), Disabled: z.Disabled, Servers: z.Servers.Clone()}
}

// Kind describes zones to the shared verbs.
var Kind = object.Define("zone", object.Spec[Zone]{
	Kind: one.KindZone, Called: "Zone", Names: object.NamesGlobal, First: 100, Updating: updating,
})

// updating keeps an endpoint, which every zone has, and the list of servers,
// which is not the template's.
func updating(_ *store.Tx, _ *one.Caller, _, z *Zone) error {
	if z.Template.Get("ENDPOINT") == "" {
		z.Template.Set("ENDPOINT", "-")
	}
	z.Template.Del("SERVER")
	return nil
}

// Setup makes this server's zone. endpoint is the URL of its API.
func Setup(tx *store.Tx, endpoint string) {
	z := &Zone{Meta: object.Meta{ID: LocalID, Name: "OpenNebula"}}
	z.Template.Set("ENDPOINT", endpoint)
	Kind.Put(tx, z)
}
