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

// form is a way to show objects, which is made once for each version of an object and
// of what else is shown of.
type form[T any] struct {
	n     int // where a row keeps it
	write func(w *render.Writer, r store.Reader, v *T)
	of    func(r store.Reader, v *T) []any // nil: the object tells all
}

// Escaped answers the form, as an answer has it in a string.
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

// ofHost is what a host shows besides itself: what monitoring saw, and its cluster's name.
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

// vmTemplate is vmWords, for which the images are looked at when some may be others.
func vmTemplate(r store.Reader, row *store.Row[vm.VM]) []byte {
	const lately = 2
	return row.Dependent(lately, []any{image.Kind.Table.Version(r)}, func(*vm.VM) []byte { return vmWords.Escaped(r, row) })
}

// ofImages is what images say of a VM's disks, where the disks do not.
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

// Pool makes a pool of escaped elements.
func Pool(root string, elements iter.Seq[[]byte]) xmlrpc.Text {
	text := xmlrpc.Text{Chunks: [][]byte{escapedTag("<" + root + ">")}}
	for e := range elements {
		text.Chunks = append(text.Chunks, e)
	}
	text.Chunks = append(text.Chunks, escapedTag("</"+root+">"))
	return text
}

func escapedTag(tag string) []byte { return xmlrpc.AppendEscaped(nil, tag) }
