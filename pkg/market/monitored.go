package market

import (
	"fmt"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/zone"
)

// maxUnlisted is the number of consecutive monitorings without an app after which it is deleted.
const maxUnlisted = 3

// listedPerms are the permissions of listed apps: everyone may use them.
const listedPerms object.Perms = 0o644

// Watched tells whether a marketplace is monitored.
func (s Settings) Watched(m *Market) bool {
	return m.State == one.MarketEnabled && m.ZoneID == zone.LocalID && s.mad(m.MAD).Monitor
}

// Seen updates a marketplace from its monitoring. It writes only what has changed.
func Seen(tx *store.Tx, s Settings, id int, r drivers.MarketReport) error {
	m, ok := Kind.Table.Edit(tx, store.ID(id))
	if !ok || !s.Watched(m) {
		return nil
	}
	if u := r.Usage; u.TotalMiB != m.TotalMB || u.FreeMiB != m.FreeMB || u.UsedMiB != m.UsedMB {
		m.TotalMB, m.FreeMB, m.UsedMB = u.TotalMiB, u.FreeMiB, u.UsedMiB
		Kind.Put(tx, m)
	}
	if len(r.Apps) == 0 {
		return nil
	}
	found := map[int]bool{}
	for _, t := range r.Apps {
		id, err := importApp(tx, m, t)
		if err != nil {
			return fmt.Errorf("app %q of marketplace %d: %w", t.Get("NAME"), m.ID, err)
		}
		found[id] = true
	}
	deleteUnlisted(tx, m, found)
	return nil
}

// importApp creates or updates an app that a marketplace lists (MarketPlaceAppPool::import).
func importApp(tx *store.Tx, m *Market, t attr.Template) (int, error) {
	a := newListedApp(m, t)
	if object.CheckName(a.Name, "") != nil {
		a.Name = fmt.Sprintf("imported-%d", a.OriginID)
	}
	old, known := Apps.Named(tx, a.Name, one.OneadminID)
	if !known {
		id, err := Apps.Add(tx, a)
		Kind.Table.Touch(tx, store.ID(m.ID))
		return id, err
	}
	if old.MarketID != m.ID { // another marketplace has an app of this name
		return old.ID, nil
	}
	if old.Version == a.Version && old.MD5 == a.MD5 && old.Source == a.Source {
		resetUnlisted(tx, old)
		return old.ID, nil
	}
	a.ID, a.Perms, a.UID, a.GID, a.UName, a.GName, a.Lock = old.ID, old.Perms, old.UID, old.GID, old.UName, old.GName, old.Lock
	Apps.Put(tx, a)
	return a.ID, nil
}

// resetUnlisted sets the count of monitorings that did not list an app to 0.
func resetUnlisted(tx *store.Tx, a *App) {
	if a.Unlisted == 0 {
		return
	}
	a = a.Clone()
	a.Unlisted = 0
	Apps.Put(tx, a)
}

// newListedApp returns an app with the template that a marketplace lists for it
// (MarketPlaceApp::from_template64).
func newListedApp(m *Market, t attr.Template) *App {
	t = t.Clone()
	a := &App{MarketID: m.ID, ZoneID: zone.LocalID, OriginID: -1, State: one.AppReady, Type: one.AppImage}
	a.UName, a.GName, a.Perms = "oneadmin", "oneadmin", listedPerms
	a.Name, a.Source, a.MD5, a.Format = t.Get("NAME"), t.Get("SOURCE"), t.Get("MD5"), t.Get("FORMAT")
	if name := t.Get("TYPE"); name != "" {
		a.Type = one.ParseAppType(name)
	}
	size, _ := t.Int("SIZE")
	registered, _ := t.Int("REGTIME")
	a.SizeMB, a.RegTime = int64(size), int64(registered)
	a.Description, a.Version, a.Template64 = t.Get("DESCRIPTION"), t.Get("VERSION"), t.Get("APPTEMPLATE64")
	for _, name := range append(found(), "TYPE", "ORIGIN_ID", "NAME") {
		t.Del(name)
	}
	a.Template = t
	return a
}

// deleteUnlisted counts the monitorings that did not list an app, and deletes it after maxUnlisted
// consecutive ones.
func deleteUnlisted(tx *store.Tx, m *Market, found map[int]bool) {
	var missing []*App
	for row := range AppsByMarket.Find(tx, decimal(m.ID)) {
		if !found[row.Val.ID] {
			missing = append(missing, row.Val.Clone())
		}
	}
	for _, a := range missing {
		if a.Unlisted++; a.Unlisted >= maxUnlisted {
			drop(tx, a.ID)
			continue
		}
		Apps.Put(tx, a)
	}
}
