package one22

import (
	"iter"

	"github.com/renkei-vpe/renkei/pkg/cluster"
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
	"github.com/renkei-vpe/renkei/xmlrpc"
	"github.com/renkei-vpe/renkei/xmlrpc/one/render"
)

// form is a way to show objects. It is rendered once for each version of an object and of
// the other values that it shows.
type form[T any] struct {
	n     int // the slot in which rows store it
	write func(w *render.Writer, r store.Reader, v *T)
	of    func(r store.Reader, v *T) []any // the other values; nil: there are none
}

// Escaped renders the form, escaped for a string in an answer.
func (f form[T]) Escaped(r store.Reader, row *store.Row[T]) []byte {
	var of []any
	if f.of != nil {
		of = f.of(r, row.Val)
	}
	return row.Dependent(f.n, of, func(v *T) []byte {
		return render.Escaped(func(w *render.Writer) { f.write(w, r, v) })
	})
}

// Forms of objects.
var (
	HostInfo  = form[host.Host]{n: 0, write: writeHost, of: ofHost}
	HostPool  = form[host.Host]{n: 1, write: writePoolHost, of: ofHost}
	ImageInfo = form[image.Image]{n: 0, write: func(w *render.Writer, _ store.Reader, img *image.Image) { writeImage(w, img, false) }}
	ImagePool = form[image.Image]{n: 1, write: writePoolImage}
	vmWords   = form[vm.VM]{n: 0, write: func(w *render.Writer, r store.Reader, v *vm.VM) { w.Template("TEMPLATE", wordsOfVM(r, v)) }, of: ofImages}
	vmLast    = form[vm.VM]{n: 1, write: writeLast}
)

// ofHost is what a host shows besides its row: the last sample, and its cluster's name.
func ofHost(r store.Reader, h *host.Host) []any {
	of := make([]any, 2)
	if s, ok := host.Samples.Get(r, store.ID(h.ID)); ok {
		of[0] = s
	}
	if c, ok := cluster.Kind.Table.Get(r, store.ID(h.ClusterID)); ok {
		of[1] = c.Name
	}
	return of
}

// vmTemplate is vmWords, with a shortcut: while the table of images has not changed, the
// images of the VM are not looked at.
func vmTemplate(r store.Reader, row *store.Row[vm.VM]) []byte {
	const shortcut = 2 // its slot in the row, beside those of the forms
	return row.Dependent(shortcut, []any{image.Kind.Table.Version(r)}, func(*vm.VM) []byte { return vmWords.Escaped(r, row) })
}

// ofImages is what a VM's disks show of their images.
func ofImages(r store.Reader, v *vm.VM) (of []any) {
	for _, d := range v.Template.Named("DISK") {
		if d.Has("IMAGE_ID") {
			words := imageWordsOf(r, &d)
			of = append(of, words.Get("BUS"), words.Get("DRIVER"))
		}
	}
	return of
}

// answer is a text of one chunk.
func answer(b []byte) xmlrpc.Text { return xmlrpc.Text{Chunks: [][]byte{b}} }

// Pool makes a pool from escaped elements.
func Pool(root string, elements iter.Seq[[]byte]) xmlrpc.Text {
	text := xmlrpc.Text{Chunks: [][]byte{escapedTag("<" + root + ">")}}
	for e := range elements {
		text.Chunks = append(text.Chunks, e)
	}
	text.Chunks = append(text.Chunks, escapedTag("</"+root+">"))
	return text
}

func escapedTag(tag string) []byte { return xmlrpc.AppendEscaped(nil, tag) }
