package one

import (
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/xmlrpc"
	"github.com/renkei-vpe/renkei/xmlrpc/one/render"
)

// Forms of an object that are kept with its version.
const (
	formInfo  = 0 // as one.X.info answers it
	formPool  = 1 // as the full pool lists it
	formShort = 2 // as the short pool lists it (VMs)
	forms     = 3

	unkept = -1 // rendered for each answer
)

// made returns one form of a row, escaped for the answer, made once per version.
func made[T any](r store.Reader, row *store.Row[T], form int, write func(w *render.Writer, r store.Reader, v *T)) []byte {
	return row.Rendition(form, func(v *T) []byte { return fresh(r, v, write) })
}

// fresh makes a form without keeping it: for what depends on the caller.
func fresh[T any](r store.Reader, v *T, write func(w *render.Writer, r store.Reader, v *T)) []byte {
	return render.Escaped(func(w *render.Writer) { write(w, r, v) })
}

// asked returns the row of an object as its info method shows it, or oned's error for an ID
// that there is not. If the decrypt flag in that argument is set, administrators see what is
// encrypted, in a copy of the row, so that nothing rendered from it is kept (SharedAPI::info).
func asked[T any](s *Server, c *call, kind *object.Kind[T], id, flag int) (*store.Row[T], error) {
	row, ok := kind.Table.Row(c.Snap, store.ID(id))
	if !ok {
		_, err := kind.Get(c.Snap, id)
		return nil, err
	}
	if !c.Bool(flag) || !c.Caller.IsAdmin() {
		return row, nil
	}
	own := *row.Val
	if !s.Secrets.Open(kind.Table.Name(), &own) {
		return row, nil
	}
	return &store.Row[T]{Key: row.Key, Val: &own}, nil
}

// text is an answer of one chunk.
func text(b []byte) xmlrpc.Text { return xmlrpc.Text{Chunks: [][]byte{b}} }
