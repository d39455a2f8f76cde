package render

import (
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vrouter"
)

// VRouter writes a virtual router.
func VRouter(w *Writer, _ store.Reader, v *vrouter.VRouter) {
	w.Open("VROUTER")
	w.owned(&v.Meta)
	w.permissions(v.Perms)
	w.lock(v.Lock)
	w.IDs("VMS", v.VMs)
	w.Template("TEMPLATE", v.Template)
	w.Close("VROUTER")
}
