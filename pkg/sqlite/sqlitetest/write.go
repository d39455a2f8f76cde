// Package sqlitetest writes SQLite database files for tests of pkg/sqlite. There are no
// indexes, so sqlite3 reports a file as damaged if its tables need some (UNIQUE, PRIMARY KEY of
// several columns).
package sqlitetest

import (
	"encoding/binary"
	"math"
	"os"
	"slices"
	"strings"
)

// Table is a table to write. If its first column is its INTEGER PRIMARY KEY, that is the row
// ID. Values are nil, int, int64, float64, string or []byte.
type Table struct {
	SQL  string // CREATE TABLE …
	Rows [][]any
}

const pageSize = 4096

// Write writes a database file.
func Write(path string, tables ...Table) error { return os.WriteFile(path, Bytes(tables...), 0o600) }

// Bytes encodes a database.
func Bytes(tables ...Table) []byte {
	w := &writer{pages: make([][]byte, 1)} // the first page has the schema table, which is written last
	schema := Table{}
	for _, t := range tables {
		_, rest, _ := strings.Cut(t.SQL, "TABLE ")
		name := strings.TrimRight(strings.FieldsFunc(rest, func(r rune) bool { return r == ' ' || r == '(' || r == '\n' })[0], " ")
		schema.Rows = append(schema.Rows, []any{"table", name, name, int(w.tree(t)), t.SQL})
	}
	w.pages[0] = w.leaf(schema.cells(w), 100)
	file := slices.Concat(w.pages...)
	header(file, len(w.pages))
	return file
}

// header fills in the file header, the first 100 bytes.
func header(file []byte, pages int) {
	copy(file, "SQLite format 3\x00")
	binary.BigEndian.PutUint16(file[16:], pageSize)
	copy(file[18:], []byte{1, 1, 0, 64, 32, 32})
	for at, n := range map[int]int{24: 1, 28: pages, 40: 1, 44: 4, 56: 1, 92: 1, 96: 3031001} {
		binary.BigEndian.PutUint32(file[at:], uint32(n))
	}
}

type writer struct{ pages [][]byte }

// add appends a page and answers its number; numbers begin at 1.
func (w *writer) add(page []byte) uint32 {
	w.pages = append(w.pages, page)
	return uint32(len(w.pages))
}

// cell is an encoded row in a leaf page.
type cell struct {
	rowID int64
	bytes []byte
}

func (t Table) cells(w *writer) (list []cell) {
	keyed := strings.Contains(strings.ToUpper(t.SQL), "INTEGER PRIMARY KEY")
	for i, row := range t.Rows {
		id := int64(i + 1)
		if keyed {
			id = number(row[0])
			row = append([]any{nil}, row[1:]...)
		}
		list = append(list, cell{id, w.cell(id, record(row))})
	}
	slices.SortFunc(list, func(a, b cell) int { return int(a.rowID - b.rowID) })
	return list
}

func number(v any) int64 {
	if n, ok := v.(int); ok {
		return int64(n)
	}
	return v.(int64)
}

// cell encodes a record with its header; what does not fit in a page goes to overflow pages.
func (w *writer) cell(rowID int64, rec []byte) []byte {
	b := varint(varint(nil, int64(len(rec))), rowID)
	const most, least = pageSize - 35, (pageSize-12)*32/255 - 23
	local := len(rec)
	if local > most {
		if local = least + (len(rec)-least)%(pageSize-4); local > most {
			local = least
		}
	}
	b = append(b, rec[:local]...)
	if rest := rec[local:]; len(rest) > 0 {
		b = binary.BigEndian.AppendUint32(b, w.overflow(rest))
	}
	return b
}

// overflow writes overflow pages and answers the first.
func (w *writer) overflow(rest []byte) uint32 {
	page := make([]byte, pageSize)
	n := copy(page[4:], rest)
	if n < len(rest) {
		binary.BigEndian.PutUint32(page, w.overflow(rest[n:]))
	}
	return w.add(page)
}

// tree writes a table and answers its root page.
func (w *writer) tree(t Table) uint32 {
	cells := t.cells(w)
	var children []uint32
	var last []int64 // largest row ID of each leaf
	for {
		n, size := 0, 8
		for n < len(cells) && size+2+len(cells[n].bytes) <= pageSize {
			size += 2 + len(cells[n].bytes)
			n++
		}
		children = append(children, w.add(w.leaf(cells[:n], 0)))
		if n == len(cells) {
			break
		}
		last, cells = append(last, cells[n-1].rowID), cells[n:]
	}
	if len(children) == 1 {
		return children[0]
	}
	return w.add(interior(children, last))
}

// leaf makes a leaf page; at leaves room for the file header.
func (w *writer) leaf(cells []cell, at int) []byte {
	list := make([][]byte, len(cells))
	for i, c := range cells {
		list[i] = c.bytes
	}
	return page(0x0d, list, at, 8)
}

// interior makes the page above leaves.
func interior(children []uint32, last []int64) []byte {
	var cells [][]byte
	for i, id := range last {
		cells = append(cells, varint(binary.BigEndian.AppendUint32(nil, children[i]), id))
	}
	p := page(0x05, cells, 0, 12)
	binary.BigEndian.PutUint32(p[8:], children[len(children)-1])
	return p
}

// page writes cells backwards from the end of a page, and their offsets at its beginning.
func page(kind byte, cells [][]byte, at, head int) []byte {
	p := make([]byte, pageSize)
	end := pageSize
	for i, c := range cells {
		end -= len(c)
		if end < at+head+2*len(cells) {
			panic("sqlitetest: too much for one page")
		}
		copy(p[end:], c)
		binary.BigEndian.PutUint16(p[at+head+2*i:], uint16(end))
	}
	p[at] = kind
	binary.BigEndian.PutUint16(p[at+3:], uint16(len(cells)))
	binary.BigEndian.PutUint16(p[at+5:], uint16(end))
	return p
}

// record encodes the values of a row.
func record(row []any) []byte {
	var types, body []byte
	for _, v := range row {
		switch v := v.(type) {
		case nil:
			types = varint(types, 0)
		case int, int64:
			types, body = varint(types, 6), binary.BigEndian.AppendUint64(body, uint64(number(v)))
		case float64:
			types, body = varint(types, 7), binary.BigEndian.AppendUint64(body, math.Float64bits(v))
		case string:
			types, body = varint(types, int64(len(v))*2+13), append(body, v...)
		case []byte:
			types, body = varint(types, int64(len(v))*2+12), append(body, v...)
		}
	}
	size := len(types) + 1
	if size > 127 {
		size++
	}
	return slices.Concat(varint(nil, int64(size)), types, body)
}

// varint appends a non-negative number.
func varint(b []byte, n int64) []byte {
	var digits []byte
	for more := byte(0); ; more = 0x80 {
		digits = append(digits, byte(n&0x7f)|more)
		if n >>= 7; n == 0 {
			break
		}
	}
	slices.Reverse(digits)
	return append(b, digits...)
}
