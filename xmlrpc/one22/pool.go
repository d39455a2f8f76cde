package one22

import (
	"context"

	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/xmlrpc"
	"github.com/renkei-vpe/renkei/xmlrpc/one/render"
)

// writes is a form that is not kept, because it shows too many other rows.
func writes[T any](write func(w *render.Writer, r store.Reader, v *T)) shows[T] {
	return unkept[T](write)
}

// shows is a way to show objects.
type shows[T any] interface {
	Escaped(r store.Reader, row *store.Row[T]) []byte
}

type unkept[T any] func(w *render.Writer, r store.Reader, v *T)

// Escaped implements shows.
func (u unkept[T]) Escaped(r store.Reader, row *store.Row[T]) []byte {
	return render.Escaped(func(w *render.Writer) { u(w, r, row.Val) })
}

// infoOf makes a method that returns one object to everybody.
func infoOf[T any](kind *object.Kind[T], name, class, what string, form shows[T]) method {
	return method{name: name, class: class, params: ints("id"), do: func(_ context.Context, _ *Server, c *call) (any, error) {
		row, ok := kind.Table.Row(c.Snap, store.ID(c.Int(1)))
		if !ok {
			return nil, noSuch(what, c.Int(1))
		}
		return answer(form.Escaped(c.Snap, row)), nil
	}}
}

// list returns a pool in order of IDs, with the objects that only lets through.
func list[T any](c *call, kind *object.Kind[T], root string, only func(*T) bool, form shows[T]) xmlrpc.Text {
	return Pool(root, func(yield func([]byte) bool) {
		for row := range kind.Table.All(c.Snap) {
			if (only == nil || only(row.Val)) && !yield(form.Escaped(c.Snap, row)) {
				return
			}
		}
	})
}

// poolOf makes a method that returns a whole pool.
func poolOf[T any](kind *object.Kind[T], name, class, root string, form shows[T]) method {
	return method{name: name, class: class, do: func(_ context.Context, _ *Server, c *call) (any, error) {
		return list(c, kind, root, nil, form), nil
	}}
}

// filteredOf makes a method that returns the known objects of a pool that a flag selects:
// -2 all, -1 the caller's and public ones, from 0 on those of a user.
func filteredOf[T any](kind *object.Kind[T], name, class, root string, known func(*T) bool, form shows[T]) method {
	return method{name: name, class: class, params: ints("filter"), do: func(_ context.Context, _ *Server, c *call) (any, error) {
		flag := c.Int(1)
		if flag < -2 {
			return nil, bare("Incorrect filter_flag, must be >= -2.")
		}
		return list(c, kind, root, func(v *T) bool {
			o, _ := kind.Of(v)
			h := o.Head()
			return known(v) && (flag == -2 || flag == h.UID || flag == -1 && (h.UID == c.Caller.UID || isPublic(h)))
		}, form), nil
	}}
}
