package market

import (
	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// EnableApp serves one.marketapp.enable. As in oned it does nothing if the app is neither READY
// nor DISABLED.
func EnableApp(tx *store.Tx, id int, on bool) error {
	a, err := Apps.Edit(tx, id)
	if err != nil {
		return err
	}
	if a.State != one.AppReady && a.State != one.AppDisabled {
		return nil
	}
	a.State = one.AppReady
	if !on {
		a.State = one.AppDisabled
	}
	Apps.Put(tx, a)
	return nil
}

// DeleteApp deletes an app after its file is deleted. If the image is still being copied, that is
// cancelled.
func DeleteApp(tx *store.Tx, s Settings, id int) error {
	a, err := Apps.Edit(tx, id)
	if err != nil {
		return err
	}
	if a.Leaving {
		return nil
	}
	m, ok := Kind.Table.Get(tx, store.ID(a.MarketID))
	switch {
	case !ok:
		return refuse("Cannot find associated  ID = %d", a.MarketID)
	case !s.mad(m.MAD).Delete:
		return refuse("Delete disabled for market: %s", m.Name)
	}
	if a.lent() {
		image.GiveBack(tx, a.OriginID)
		a.State = one.AppInit
	}
	effect.Cancel(tx, one.KindMarketPlaceApp, id)
	if a.Type != one.AppImage { // it has no file
		drop(tx, id)
		return nil
	}
	a.Leaving = true
	Apps.Put(tx, a)
	Kind.Table.Touch(tx, store.ID(a.MarketID))
	effect.Put(tx, effect.Effect{Kind: one.KindMarketPlaceApp, Object: id, Op: OpDelete, Host: -1})
	return nil
}

func refuse(format string, args ...any) error {
	return one.Errorf(one.CodeAction, "Cannot delete marketplaceapp. "+format, args...)
}

// Imported ends the copying of an image to an app, which becomes READY or ERROR.
func Imported(tx *store.Tx, id int, file drivers.MarketFile, failed error) {
	a, there := Apps.Table.Edit(tx, store.ID(id))
	if !there || a.State != one.AppLocked {
		return
	}
	image.GiveBack(tx, a.OriginID)
	if failed != nil {
		a.setError(tx, "Error importing app into marketplace: "+oneLine(failed))
	} else {
		a.Source, a.MD5, a.SizeMB, a.Format, a.State = file.Source, file.MD5, file.SizeMiB, file.Format, one.AppReady
	}
	Apps.Put(tx, a)
}

// Removed deletes an app after the attempt to delete its file.
func Removed(tx *store.Tx, id int) { drop(tx, id) }

// drop deletes an app from the store.
func drop(tx *store.Tx, id int) {
	a, there := Apps.Table.Get(tx, store.ID(id))
	if !there {
		return
	}
	if a.lent() {
		image.GiveBack(tx, a.OriginID)
	}
	effect.Cancel(tx, one.KindMarketPlaceApp, id)
	Apps.Remove(tx, id)
	Kind.Table.Touch(tx, store.ID(a.MarketID))
}
