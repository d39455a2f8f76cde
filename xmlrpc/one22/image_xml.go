package one22

import (
	"context"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/xmlrpc/one/render"
)

func imageInfo(_ context.Context, _ *Server, c *call) (any, error) {
	row, ok := image.Kind.Table.Row(c.Snap, store.ID(c.Int(1)))
	if !ok || !isKnownImage(row.Val) {
		return nil, noSuch("IMAGE", c.Int(1))
	}
	return answer(ImageInfo.Escaped(c.Snap, row)), nil
}

func writePoolImage(w *render.Writer, _ store.Reader, img *image.Image) { writeImage(w, img, true) }

func writeImage(w *render.Writer, img *image.Image, inPool bool) {
	w.Open("IMAGE")
	w.Int("ID", int64(img.ID))
	w.Int("UID", int64(img.UID))
	if inPool {
		w.Text("USERNAME", img.UName)
	}
	w.Text("NAME", img.Name)
	w.Int("TYPE", int64(img.Type))
	w.Bool("PUBLIC", isPublic(&img.Meta))
	w.Bool("PERSISTENT", img.Persistent)
	w.Int("REGTIME", img.RegTime)
	w.Text("SOURCE", img.Source)
	w.Int("STATE", int64(imageState(img.State)))
	w.Int("RUNNING_VMS", int64(img.RunningVMs))
	words := img.Legacy
	if words == nil {
		words = wordsOfImage(img)
	}
	w.Template("TEMPLATE", named(words, img.Name))
	w.Close("IMAGE")
}

// named updates the name in a template to the object's present name.
func named(words attr.Template, name string) attr.Template {
	if words.Get("NAME") == name {
		return words
	}
	t := words.Clone()
	t.Set("NAME", name)
	return t
}

// imageAttributes are the attributes that 2.2 knew in images; others mean nothing to it.
var imageAttributes = []string{"BUS", "DESCRIPTION", "DEV_PREFIX", "DRIVER", "NIC_MODEL", "TARGET"}

// wordsOfImage describes an image that was not created here in 2.2's words.
func wordsOfImage(img *image.Image) (t attr.Template) {
	t.Set("NAME", img.Name)
	t.Set("TYPE", img.Type.String())
	for _, name := range imageAttributes {
		if value, ok := img.Template.Lookup(name); ok {
			t.Set(name, value)
		}
	}
	return t
}
