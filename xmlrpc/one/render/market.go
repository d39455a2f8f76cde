package render

import (
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/market"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Market writes a marketplace with its apps.
func Market(w *Writer, r store.Reader, m *market.Market) {
	w.Open("MARKETPLACE")
	w.owned(&m.Meta)
	w.Int("STATE", int64(m.State))
	w.CDATA("MARKET_MAD", m.MAD)
	w.cdataInt("ZONE_ID", int64(m.ZoneID))
	w.Int("TOTAL_MB", m.TotalMB)
	w.Int("FREE_MB", m.FreeMB)
	w.Int("USED_MB", m.UsedMB)
	w.IDs("MARKETPLACEAPPS", idsOf(market.AppsByMarket, r, strconv.Itoa(m.ID)))
	w.permissions(m.Perms)
	w.Template("TEMPLATE", m.Template)
	w.Close("MARKETPLACE")
}

// App writes an app of a marketplace.
func App(w *Writer, r store.Reader, a *market.App) {
	w.Open("MARKETPLACEAPP")
	w.Int("ID", int64(a.ID))
	w.Int("UID", int64(a.UID))
	w.Int("GID", int64(a.GID))
	w.Text("UNAME", a.UName)
	w.Text("GNAME", a.GName)
	w.lock(a.Lock)
	w.Int("REGTIME", a.RegTime)
	w.Text("NAME", a.Name)
	w.cdataInt("ZONE_ID", int64(a.ZoneID))
	w.cdataInt("ORIGIN_ID", int64(a.OriginID))
	w.CDATA("SOURCE", a.Source)
	w.CDATA("MD5", a.MD5)
	w.Int("SIZE", a.SizeMB)
	w.CDATA("DESCRIPTION", a.Description)
	w.CDATA("VERSION", a.Version)
	w.CDATA("FORMAT", a.Format)
	w.CDATA("APPTEMPLATE64", a.Template64)
	w.Int("MARKETPLACE_ID", int64(a.MarketID))
	w.Text("MARKETPLACE", marketName(r, a.MarketID))
	w.Int("STATE", int64(a.State))
	w.Int("TYPE", int64(a.Type))
	w.permissions(a.Perms)
	w.Template("TEMPLATE", a.Template)
	w.Close("MARKETPLACEAPP")
}

func marketName(r store.Reader, id int) string {
	if m, ok := market.Kind.Table.Get(r, store.ID(id)); ok {
		return m.Name
	}
	return ""
}
