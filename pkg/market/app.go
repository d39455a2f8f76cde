package market

import (
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// App is an app of a marketplace.
type App struct {
	object.Meta
	RegTime     int64        `cbor:"10,keyasint"`
	ZoneID      int          `cbor:"11,keyasint"`
	OriginID    int          `cbor:"12,keyasint"` // the image that it is a copy of, or -1
	Source      string       `cbor:"13,keyasint"`
	MD5         string       `cbor:"14,keyasint"`
	SizeMB      int64        `cbor:"15,keyasint"`
	Description string       `cbor:"16,keyasint"`
	Version     string       `cbor:"17,keyasint"`
	Format      string       `cbor:"18,keyasint"`
	Template64  string       `cbor:"19,keyasint"` // template of the objects that are created from it
	MarketID    int          `cbor:"20,keyasint"`
	State       one.AppState `cbor:"21,keyasint"`
	Type        one.AppType  `cbor:"22,keyasint"`
	Leaving     bool         `cbor:"23,keyasint,omitempty"` // its file is being deleted
	Unlisted    int          `cbor:"24,keyasint,omitempty"` // number of consecutive monitorings that did not list it
}

// Clone implements store.Cloner.
func (a *App) Clone() *App {
	c := *a
	c.Meta = a.Meta.Copy()
	return &c
}

// AppsByMarket finds the apps of a marketplace, except those that are being deleted.
var AppsByMarket = store.NewIndex(func(a *App) []string {
	if a.Leaving {
		return nil
	}
	return []string{decimal(a.MarketID)}
})

// AppsByOrigin finds the apps that an image is being copied to.
var AppsByOrigin = store.NewIndex(func(a *App) []string {
	if !a.lent() {
		return nil
	}
	return []string{decimal(a.OriginID)}
})

// lent tells whether the image is being copied to the app (image.Lend).
func (a *App) lent() bool { return a.State == one.AppLocked && a.Type == one.AppImage }

// Apps describes apps to the verbs that all kinds share.
var Apps = object.Define("marketapp", object.Spec[App]{
	Kind:     one.KindMarketPlaceApp,
	Names:    object.NamesPerOwner,
	Lockable: true,
	Updating: updatingApp,
}, AppsByMarket, AppsByOrigin)

func updatingApp(_ *store.Tx, _ *one.Caller, _, a *App) error {
	for name, field := range map[string]*string{"DESCRIPTION": &a.Description, "APPTEMPLATE64": &a.Template64, "VERSION": &a.Version} {
		*field = a.Template.Get(name)
	}
	for _, name := range append(found(), "ORIGIN_ID") {
		a.Template.Del(name)
	}
	return nil
}

// found are the attributes that only drivers set.
func found() []string { return []string{"SOURCE", "SIZE", "MD5", "FORMAT", "REGTIME"} }

func decimal(n int) string { return strconv.Itoa(n) }
