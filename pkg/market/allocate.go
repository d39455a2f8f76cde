package market

import (
	"strings"
	"time"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/zone"
)

// Operations of effects on apps.
const (
	OpImport = "import" // bring the image's file to the marketplace
	OpDelete = "delete" // delete the file, then the app
)

// AllocateApp makes an app of a template. What stands against bringing its image
// to the marketplace does not undo the app: it stays, in ERROR, and refused says
// why, as in oned.
func AllocateApp(tx *store.Tx, s Settings, c *one.Caller, t attr.Template, marketID int) (id int, refused, err error) {
	m, ok := Kind.Table.Get(tx, store.ID(marketID))
	switch {
	case !ok:
		return -1, nil, one.Errorf(one.CodeInternal, "Cannot find associated MARKETPLACE ID = %d", marketID)
	case !s.mad(m.MAD).Create:
		return -1, nil, one.Errorf(one.CodeAction, "Create disabled for market: %s", m.Name)
	case m.ZoneID != zone.LocalID:
		return -1, nil, one.Errorf(one.CodeAction, "Marketplace is not in this OpenNebula zone")
	}
	a := &App{MarketID: marketID, ZoneID: zone.LocalID, RegTime: tx.Now.Unix()}
	a.Own(c)
	a.Name = t.Get("NAME")
	if err := object.CheckName(a.Name, ""); err != nil {
		return -1, nil, cannotApp("%v", err)
	}
	if other, taken := Apps.Named(tx, a.Name, c.UID); taken {
		return -1, nil, cannotApp("NAME is already taken by MARKETPLACEAPP %d", other.ID)
	}
	if err := a.shape(t); err != nil {
		return -1, nil, err
	}
	refused = a.begin(tx)
	if id, err = Apps.Add(tx, a); err != nil {
		return -1, nil, err
	}
	Kind.Table.Touch(tx, store.ID(marketID))
	if a.State == one.AppLocked {
		effect.Put(tx, effect.Effect{Kind: one.KindMarketPlaceApp, Object: id, Op: OpImport, Host: -1})
	}
	return id, refused, nil
}

// shape makes an app of a template (MarketPlaceApp::parse_template).
func (a *App) shape(t attr.Template) error {
	for _, name := range append(found(), "NAME", "ZONE_ID") {
		t.Del(name)
	}
	a.Type = one.AppImage
	if name := t.Get("TYPE"); name != "" {
		a.Type = one.ParseAppType(name)
	}
	origin, given := t.Int("ORIGIN_ID")
	if !given {
		return cannotApp("Missing ORIGIN_ID for the MARKETPLACEAPP")
	}
	t.Del("ORIGIN_ID")
	a.OriginID, a.Template = origin, t
	a.Description, a.Template64, a.Version = t.Get("DESCRIPTION"), t.Get("APPTEMPLATE64"), t.Get("VERSION")
	if a.Version == "" {
		a.Version = "0.0"
	}
	return nil
}

// OriginImage answers the image whose file an app of a template would offer.
func OriginImage(t attr.Template) (id int, given bool) {
	if name := t.Get("TYPE"); name != "" && one.ParseAppType(name) != one.AppImage {
		return -1, false
	}
	return t.Int("ORIGIN_ID")
}

// begin puts an app into its first state. Templates are in the app itself; an
// image is kept from change until its file is copied.
func (a *App) begin(tx *store.Tx) error {
	switch a.Type {
	case one.AppVMTemplate, one.AppServiceTemplate:
		a.State = one.AppReady
		return nil
	case one.AppImage:
		a.State = one.AppLocked
		err := a.lend(tx)
		if err != nil {
			a.broke(tx, err.Error())
		}
		return err
	}
	err := one.Errorf(one.CodeInternal, "Marketplace app type not supported.")
	a.broke(tx, err.Error())
	return err
}

func (a *App) lend(tx *store.Tx) error {
	if _, there := image.Kind.Table.Get(tx, store.ID(a.OriginID)); !there {
		return one.Errorf(one.CodeInternal, "Image does not exist.")
	}
	return image.Lend(tx, a.OriginID)
}

// broke puts an app into ERROR and says why.
func (a *App) broke(tx *store.Tx, why string) {
	a.State = one.AppError
	a.Template.Set("ERROR", tx.Now.Local().Format(time.ANSIC)+" : "+why)
}

func cannotApp(format string, args ...any) error {
	return one.Errorf(one.CodeAllocate, "Error allocating a new marketplaceapp. "+format, args...)
}

// ImageTemplate completes the template of an image that is made FROM_APP, and
// answers its size; false when it is made from something else
// (ImageAllocateAPI::allocate).
func ImageTemplate(r store.Reader, t *attr.Template, storeHasDriver bool) (sizeMB int64, fromApp bool, err error) {
	id, fromApp := t.Int("FROM_APP")
	if !fromApp {
		return 0, false, nil
	}
	a, ok := Apps.Table.Get(r, store.ID(id))
	if !ok {
		return 0, true, one.Errorf(one.CodeInternal, "Cannot determine image SIZE.")
	}
	if _, ok := Kind.Table.Get(r, store.ID(a.MarketID)); !ok {
		return 0, true, one.Errorf(one.CodeInternal, "Could not get the appliance's market.")
	}
	t.Set("FROM_APP_NAME", a.Name)
	t.Set("PATH", a.Source)
	t.Set("FORMAT", a.Format)
	t.Set("FROM_APP_MD5", a.MD5)
	if storeHasDriver {
		t.Del("DRIVER")
	}
	return a.SizeMB, true, nil
}

// Offering answers the marketplace of the app that an image is made from, if what the
// app offers is still at path. The template names the app, but what counts is path:
// that is the app's source as it was when somebody was allowed to use it.
func Offering(r store.Reader, t attr.Template, path string) (*Market, error) {
	id, _ := t.Int("FROM_APP")
	a, ok := Apps.Table.Get(r, store.ID(id))
	if !ok || a.Source != path {
		return nil, one.Errorf(one.CodeInternal, "Marketplace app %d is not at %s any more.", id, path)
	}
	return Kind.Get(r, a.MarketID)
}

// reason cuts what an error says to what a template can hold in a line.
func reason(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }
