package rvpe

import (
	"github.com/renkei-vpe/renkei/xmlrpc"
	"github.com/renkei-vpe/renkei/xmlrpc/one/render"
	"github.com/renkei-vpe/renkei/xmlrpc/one22"
)

// writer is an XML document under construction; RENKEI-VPE shares OpenNebula's habits.
type writer = render.Writer

// Slots in which rows keep texts. Rows of images are OpenNebula's, and package one22 has the
// slots 0 and 1 of them.
const (
	slotText     = 0 // the row as it is shown
	slotCurrent  = 1 // that text, while no version that it depends on has changed
	slotWithSize = 2 // an image with the size of its file
)

// document makes an answer from XML.
func document(write func(w *writer)) any {
	var w writer
	write(&w)
	return escaped(xmlrpc.AppendEscaped(make([]byte, 0, len(w)*5/4), w))
}

// escaped makes an answer from XML that is already escaped.
func escaped(b []byte) any { return xmlrpc.Text{Chunks: [][]byte{b}} }

// pool makes an answer from elements that are already escaped, <POOL/> if there are none.
func pool[T any](tag string, items []T, appendTo func(b []byte, item T) []byte) any {
	if len(items) == 0 {
		return document(func(w *writer) { w.Empty(tag) })
	}
	return one22.Pool(tag, func(yield func([]byte) bool) {
		var block []byte
		for _, item := range items {
			if cap(block)-len(block) < roomy {
				block = make([]byte, 0, 8*roomy)
			}
			from := len(block)
			if block = appendTo(block, item); !yield(block[from:len(block):len(block)]) {
				return
			}
		}
	})
}

// roomy is more than most elements take.
const roomy = 8 << 10

// list writes a pool, <POOL/> when it is empty.
func list[T any](w *writer, tag string, items []T, write func(w *writer, item T)) {
	if len(items) == 0 {
		w.Empty(tag)
		return
	}
	w.Open(tag)
	for _, item := range items {
		write(w, item)
	}
	w.Close(tag)
}
