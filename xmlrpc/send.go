package xmlrpc

import (
	"io"
	"net/http"
	"strconv"
	"time"
)

// blockBytes is how much is written to a socket at a time. Small chunks of a Text are collected
// in a block, because a system call for each would cost more than copying it within the CPU
// cache; chunks of largeBytes and more are written directly.
const (
	blockBytes = 256 << 10
	largeBytes = 32 << 10
)

// send writes the document as the response.
func (x *exchange) send(d *document) error {
	header := x.w.Header()
	header["Content-Type"] = []string{"text/xml; charset=utf-8"}
	if x.Compress.wanted(x.r, d.size()) {
		return x.sendCompressed(d)
	}
	header["Content-Length"] = []string{strconv.Itoa(d.size())}
	if len(d.texts) == 0 {
		_, err := x.w.Write(d.buf)
		return err
	}
	return x.sendBlocks(x.w, d)
}

// sendBlocks writes the document in large blocks, with a deadline of WriteTimeout for each: a
// slow client may take long in total, but a dead one is disconnected.
func (x *exchange) sendBlocks(w io.Writer, d *document) error {
	block := x.block()
	defer x.blocks.Put(block)
	b := blockWriter{w: w, block: (*block)[:0]}
	if d.size() > blockBytes {
		control := http.NewResponseController(x.w)
		b.before = func() { _ = control.SetWriteDeadline(time.Now().Add(x.limits.WriteTimeout)) }
	}
	for piece := range d.pieces {
		if err := b.add(piece); err != nil {
			return err
		}
	}
	return b.flush()
}

func (x *exchange) block() *[]byte {
	if b, ok := x.blocks.Get().(*[]byte); ok {
		return b
	}
	b := make([]byte, 0, blockBytes)
	return &b
}

// blockWriter collects small pieces and writes large ones directly.
type blockWriter struct {
	w      io.Writer
	block  []byte
	before func() // called before every write, if not nil
}

func (b *blockWriter) add(piece []byte) error {
	switch {
	case len(piece) >= largeBytes:
		if err := b.flush(); err != nil {
			return err
		}
		return b.write(piece)
	case len(b.block)+len(piece) > cap(b.block):
		return b.wrap(piece)
	}
	b.block = append(b.block, piece...)
	return nil
}

// wrap fills and writes the block, and puts the rest into the next one.
func (b *blockWriter) wrap(piece []byte) error {
	n := cap(b.block) - len(b.block)
	b.block = append(b.block, piece[:n]...)
	if err := b.flush(); err != nil {
		return err
	}
	b.block = append(b.block, piece[n:]...)
	return nil
}

func (b *blockWriter) flush() error {
	err := b.write(b.block)
	b.block = b.block[:0]
	return err
}

// write writes a piece of any size, in parts of the size of a block, because of the deadline.
func (b *blockWriter) write(piece []byte) error {
	for len(piece) > 0 {
		n := min(len(piece), blockBytes)
		if b.before != nil {
			b.before()
		}
		if _, err := b.w.Write(piece[:n]); err != nil {
			return err
		}
		piece = piece[n:]
	}
	return nil
}
