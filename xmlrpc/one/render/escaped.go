package render

import (
	"sync"

	"github.com/renkei-vpe/renkei/xmlrpc"
)

// Escaped renders XML and escapes it for a string in an answer. It works in reused memory,
// and returns a slice of exactly the right size, because tens of thousands are kept.
func Escaped(write func(w *Writer)) []byte {
	s := scratches.Get().(*scratch)
	defer scratches.Put(s)
	s.xml = s.xml[:0]
	write(&s.xml)
	s.escaped = xmlrpc.AppendEscaped(s.escaped[:0], s.xml)
	return append(make([]byte, 0, len(s.escaped)), s.escaped...)
}

// AppendEscaped is Escaped for text that is not kept.
func AppendEscaped(dst []byte, write func(w *Writer)) []byte {
	s := scratches.Get().(*scratch)
	defer scratches.Put(s)
	s.xml = s.xml[:0]
	write(&s.xml)
	return xmlrpc.AppendEscaped(dst, s.xml)
}

// scratch is memory in which XML is rendered.
type scratch struct {
	xml     Writer
	escaped []byte
}

var scratches = sync.Pool{New: func() any { return new(scratch) }}
