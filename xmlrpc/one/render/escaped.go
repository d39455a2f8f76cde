package render

import (
	"sync"

	"github.com/renkei-vpe/renkei/xmlrpc"
)

// Escaped makes XML and answers it as an answer has it in a string. It is made in memory
// that is used again, and answered in a piece of its very size: tens of thousands are
// kept.
func Escaped(write func(w *Writer)) []byte {
	s := scratches.Get().(*scratch)
	defer scratches.Put(s)
	s.xml = s.xml[:0]
	write(&s.xml)
	s.escaped = xmlrpc.AppendEscaped(s.escaped[:0], s.xml)
	return append(make([]byte, 0, len(s.escaped)), s.escaped...)
}

// AppendEscaped is Escaped for what is not kept.
func AppendEscaped(dst []byte, write func(w *Writer)) []byte {
	s := scratches.Get().(*scratch)
	defer scratches.Put(s)
	s.xml = s.xml[:0]
	write(&s.xml)
	return xmlrpc.AppendEscaped(dst, s.xml)
}

// scratch is where XML is made.
type scratch struct {
	xml     Writer
	escaped []byte
}

var scratches = sync.Pool{New: func() any { return new(scratch) }}
