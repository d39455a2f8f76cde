// Package market has the rules for marketplaces and their apps. An app is a copy of an image, or
// a template, from which others can be created in any datastore.
package market

import (
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Market is a marketplace. Its apps are those that name it (AppsByMarket).
type Market struct {
	object.Meta
	State   one.MarketState `cbor:"10,keyasint"`
	MAD     string          `cbor:"11,keyasint"`
	ZoneID  int             `cbor:"12,keyasint"`
	TotalMB int64           `cbor:"13,keyasint"`
	FreeMB  int64           `cbor:"14,keyasint"`
	UsedMB  int64           `cbor:"15,keyasint"`
}

// Clone implements store.Cloner.
func (m *Market) Clone() *Market {
	c := *m
	c.Meta = m.Meta.Copy()
	return &c
}

// Kind describes marketplaces to the verbs that all kinds share.
var Kind = object.Define("market", object.Spec[Market]{
	Kind:    one.KindMarketPlace,
	Names:   object.NamesGlobal,
	First:   100,
	Renamed: renamed,
})

// renamed has the apps rendered again, as they show the marketplace's name.
func renamed(tx *store.Tx, m *Market) {
	for row := range AppsByMarket.Find(tx, decimal(m.ID)) {
		Apps.Table.Touch(tx, row.Key)
	}
}
