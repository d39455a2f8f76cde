package render

import (
	"github.com/renkei-vpe/renkei/pkg/group"
	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/user"
)

// Group writes a group with its quotas and the default ones, as
// one.group.info does.
func Group(w *Writer, r store.Reader, g *group.Group) {
	w.Open("GROUP")
	w.groupBody(r, g)
	Quotas(w, r, quota.Groups, store.ID(g.ID))
	w.Template("VLAN_RULES", g.VLANRules())
	DefaultQuotas(w, r, "DEFAULT_GROUP_QUOTAS", quota.OfGroups)
	w.Close("GROUP")
}

// PoolGroup writes a group as the pool shows it, with its quotas beside it.
func PoolGroup(w *Writer, r store.Reader, g *group.Group) {
	w.Open("GROUP")
	w.groupBody(r, g)
	w.Close("GROUP")
	w.Open("QUOTAS")
	w.Int("ID", int64(g.ID))
	Quotas(w, r, quota.Groups, store.ID(g.ID))
	w.Close("QUOTAS")
	w.Template("VLAN_RULES", g.VLANRules())
}

func (w *Writer) groupBody(r store.Reader, g *group.Group) {
	w.Int("ID", int64(g.ID))
	w.Text("NAME", g.Name)
	w.Template("TEMPLATE", g.Template)
	w.IDs("USERS", user.Members(r, g.ID))
	w.IDs("ADMINS", g.Admins)
}
