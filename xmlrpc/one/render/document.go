package render

import (
	"github.com/renkei-vpe/renkei/pkg/document"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Document writes a document.
func Document(w *Writer, _ store.Reader, d *document.Document) {
	w.Open("DOCUMENT")
	w.owned(&d.Meta)
	w.Int("TYPE", int64(d.Type))
	w.permissions(d.Perms)
	w.lock(d.Lock)
	w.Template("TEMPLATE", d.Template)
	w.Close("DOCUMENT")
}
