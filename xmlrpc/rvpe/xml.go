package rvpe

import (
	"github.com/renkei-vpe/renkei/xmlrpc"
	"github.com/renkei-vpe/renkei/xmlrpc/one/render"
)

// writer is XML in the making, with the habits that RENKEI-VPE shares with
// OpenNebula.
type writer = render.Writer

// document makes an answer of XML.
func document(write func(w *writer)) any {
	var w writer
	write(&w)
	return xmlrpc.Text{Chunks: [][]byte{xmlrpc.AppendEscaped(make([]byte, 0, len(w)*5/4), string(w))}}
}

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
