package render

import (
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/template"
)

// Template writes a VM template.
func Template(w *Writer, _ store.Reader, t *template.Template) {
	w.Open("VMTEMPLATE")
	w.owned(&t.Meta)
	w.lock(t.Lock)
	w.permissions(t.Perms)
	w.Int("REGTIME", t.RegTime)
	w.Template("TEMPLATE", t.Template)
	w.Close("VMTEMPLATE")
}
