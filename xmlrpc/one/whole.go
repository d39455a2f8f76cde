package one

import (
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/xmlrpc"
	"github.com/renkei-vpe/renkei/xmlrpc/one/render"
)

// rowsInPart is how many rows lie together in memory: enough to make a large pool a few
// hundred pieces, and few enough that little is copied when one row changes.
const rowsInPart = 64

// whole caches a pool for readers who see everything. Its text is in parts of a fixed
// number of rows, counted from the oldest, which lie in memory as they are sent: nobody
// walks over the rows, and the processor can read ahead. The text that a row keeps is a
// slice of its part. When a row has changed, the next reader makes its part anew
// (docs/adr/0114).
type whole[T any] struct {
	making sync.Mutex
	latest atomic.Pointer[edition[T]]
	missed atomic.Uint32 // pages that an older edition was of no use for
}

// edition is the pool as it was with one version of the table.
type edition[T any] struct {
	version any
	parts   []part[T]
	text    xmlrpc.Text
}

// part is the text of some rows, the newest first.
type part[T any] struct {
	rows []*store.Row[T] // the oldest first
	text []byte
	ends []int // of each row that is shown, in text
}

// answer is an administrator's answer: the whole pool, or a page if the edition is current.
func (p *whole[T]) answer(r store.Reader, is pool[T], f filter) (text xmlrpc.Text, ok bool) {
	skip, most := f.page()
	switch {
	case f == everything:
		return p.read(r, is).text, true
	case f.flag == filterAll && most >= 0:
		if e := p.at(r, is); e != nil {
			return e.page(is, skip, most), true
		}
	}
	return text, false
}

// at returns the edition that r sees, nil if there is none. Pages alone do not cause a first
// edition, and only every few pages a new one, because walking to a page costs less.
func (p *whole[T]) at(r store.Reader, is pool[T]) *edition[T] {
	const enough = 16
	e := p.latest.Load()
	switch {
	case e == nil, e.version != is.kind.Table.Version(r) && p.missed.Add(1)%enough != 0:
		return nil
	case e.version != is.kind.Table.Version(r):
		return p.read(r, is)
	}
	return e
}

// read returns the pool as r sees it.
func (p *whole[T]) read(r store.Reader, is pool[T]) *edition[T] {
	version := is.kind.Table.Version(r)
	if e := p.latest.Load(); e != nil && e.version == version {
		return e
	}
	p.making.Lock()
	defer p.making.Unlock()
	before := p.latest.Load()
	switch {
	case before == nil:
		before = &edition[T]{}
	case before.version == version: // somebody made it while we waited
		return before
	}
	e := is.edition(r, version, before.parts)
	p.latest.Store(e)
	if len(before.parts) == 0 && len(e.parts) > manyParts {
		go debug.FreeOSMemory() // nobody waits for that
	}
	return e
}

// manyParts is the size of a first edition that leaves much garbage behind: the texts that
// rows had before, and scratch memory. It is returned at once, because the collector would
// wait until as much again has gathered.
const manyParts = 64

// page returns some rows, the newest first.
func (e *edition[T]) page(is pool[T], skip, most int) xmlrpc.Text {
	chunks := [][]byte{escapedTag("<" + is.root + ">")}
	for _, part := range slices.Backward(e.parts) {
		n := min(most, len(part.ends)-skip)
		if n <= 0 {
			skip = max(0, skip-len(part.ends))
			continue
		}
		chunks = append(chunks, part.some(skip, n))
		skip, most = 0, most-n
	}
	return xmlrpc.Text{Chunks: append(chunks, escapedTag("</"+is.root+">"))}
}

// some is the text of n rows after the first skip ones.
func (p part[T]) some(skip, n int) []byte {
	begin := 0
	if skip > 0 {
		begin = p.ends[skip-1]
	}
	return p.text[begin:p.ends[skip+n-1]]
}

// edition makes a new edition, reusing the parts before whose rows have not changed.
func (is pool[T]) edition(r store.Reader, version any, before []part[T]) *edition[T] {
	rows := make([]*store.Row[T], 0, is.kind.Table.Len(r))
	for row := range is.kind.Table.All(r) {
		rows = append(rows, row)
	}
	e := &edition[T]{version: version, parts: make([]part[T], 0, len(rows)/rowsInPart+1)}
	var scratch []byte
	for some := range slices.Chunk(rows, rowsInPart) {
		if i := len(e.parts); i < len(before) && slices.Equal(before[i].rows, some) {
			e.parts = append(e.parts, before[i])
			continue
		}
		e.parts = append(e.parts, is.part(r, slices.Clone(some), &scratch))
	}
	e.text = is.bind(e.parts)
	return e
}

// bind joins the parts in the order of an answer, the newest first.
func (is pool[T]) bind(parts []part[T]) xmlrpc.Text {
	chunks := make([][]byte, 0, len(parts)+2)
	chunks = append(chunks, escapedTag("<"+is.root+">"))
	for _, part := range slices.Backward(parts) {
		chunks = append(chunks, part.text)
	}
	return xmlrpc.Text{Chunks: append(chunks, escapedTag("</"+is.root+">"))}
}

// part writes rows into one text, and has each row keep its slice of that. memory is reused
// from part to part.
func (is pool[T]) part(r store.Reader, rows []*store.Row[T], memory *[]byte) part[T] {
	var shown []*store.Row[T]
	ends, text := make([]int, 0, len(rows)), (*memory)[:0]
	for _, row := range slices.Backward(rows) {
		if is.only == nil || is.only(row.Val) {
			text = is.append(text, r, row)
			shown, ends = append(shown, row), append(ends, len(text))
		}
	}
	*memory = text
	p := part[T]{rows: rows, text: append(make([]byte, 0, len(text)), text...), ends: ends}
	places := make([][]byte, len(shown))
	for i, row := range shown {
		places[i] = p.some(i, 1)
		row.Keep(is.form, &places[i])
	}
	return p
}

// append writes the text of a row, rendering it if the row keeps none.
func (is pool[T]) append(dst []byte, r store.Reader, row *store.Row[T]) []byte {
	if kept := row.Kept(is.form); kept != nil {
		return append(dst, kept...)
	}
	return render.AppendEscaped(dst, func(w *render.Writer) { is.write(w, r, row.Val) })
}
