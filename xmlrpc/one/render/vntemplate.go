package render

import (
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vntemplate"
)

// VNTemplate writes a network template.
func VNTemplate(w *Writer, _ store.Reader, t *vntemplate.VNTemplate) {
	w.Open("VNTEMPLATE")
	w.owned(&t.Meta)
	w.lock(t.Lock)
	w.permissions(t.Perms)
	w.Int("REGTIME", t.RegTime)
	w.Template("TEMPLATE", t.Template)
	w.Close("VNTEMPLATE")
}
