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

// Effects on apps.
const (
	OpImport = "import" // copy the image to the marketplace
	OpDelete = "delete" // delete the file, then the app
)

// AllocateApp creates an app. If its image cannot be copied to the marketplace, the app is
// created in ERROR all the same, as in oned, and refused is the reason.
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

// shape creates an app from its template (MarketPlaceApp::parse_template).
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

// OriginImage returns the image that an app with this template would be a copy of.
func OriginImage(t attr.Template) (id int, given bool) {
	if name := t.Get("TYPE"); name != "" && one.ParseAppType(name) != one.AppImage {
		return -1, false
	}
	return t.Int("ORIGIN_ID")
}

// begin sets the first state of an app. An app of a template is READY; an image cannot be changed
// until it is copied.
func (a *App) begin(tx *store.Tx) error {
	switch a.Type {
	case one.AppVMTemplate, one.AppServiceTemplate:
		a.State = one.AppReady
		return nil
	case one.AppImage:
		a.State = one.AppLocked
		err := a.lend(tx)
		if err != nil {
			a.setError(tx, err.Error())
		}
		return err
	}
	err := one.Errorf(one.CodeInternal, "Marketplace app type not supported.")
	a.setError(tx, err.Error())
	return err
}

// lend locks the image of the app while it is copied.
func (a *App) lend(tx *store.Tx) error {
	if _, there := image.Kind.Table.Get(tx, store.ID(a.OriginID)); !there {
		return one.Errorf(one.CodeInternal, "Image does not exist.")
	}
	return image.Lend(tx, a.OriginID)
}

// setError sets an app to ERROR with a reason.
func (a *App) setError(tx *store.Tx, why string) {
	a.State = one.AppError
	a.Template.Set("ERROR", tx.Now.Local().Format(time.ANSIC)+" : "+why)
}

func cannotApp(format string, args ...any) error {
	return one.Errorf(one.CodeAllocate, "Error allocating a new marketplaceapp. "+format, args...)
}

// ImageTemplate completes the template of an image with FROM_APP and returns the app's size. It
// returns false for other images (ImageAllocateAPI::allocate).
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

// Offering returns the marketplace of the app that an image is created from. path is the SOURCE of
// the app when the image was allocated and the user was authorized to use the app. Offering
// returns an error if SOURCE has changed since, or if the app was deleted.
func Offering(r store.Reader, t attr.Template, path string) (*Market, error) {
	id, _ := t.Int("FROM_APP")
	a, ok := Apps.Table.Get(r, store.ID(id))
	if !ok || a.Source != path {
		return nil, one.Errorf(one.CodeInternal, "Marketplace app %d is not at %s any more.", id, path)
	}
	return Kind.Get(r, a.MarketID)
}

// oneLine returns the text of an error in one line, for the attribute ERROR.
func oneLine(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }
