package render

import (
	"github.com/renkei-vpe/renkei/pkg/secgroup"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// SecGroup writes a security group.
func SecGroup(w *Writer, r store.Reader, g *secgroup.SecGroup) {
	w.Open("SECURITY_GROUP")
	w.owned(&g.Meta)
	w.permissions(g.Perms)
	for rules, tag := range [...]string{
		secgroup.Updated: "UPDATED_VMS", secgroup.Outdated: "OUTDATED_VMS",
		secgroup.Updating: "UPDATING_VMS", secgroup.Failed: "ERROR_VMS",
	} {
		w.Open(tag)
		for vm := range secgroup.MembersWith(r, g.ID, secgroup.Rules(rules)) {
			w.Int("ID", int64(vm))
		}
		w.Close(tag)
	}
	w.Template("TEMPLATE", g.Template)
	w.Close("SECURITY_GROUP")
}
