package sqlite

import "encoding/binary"

// Types of b-tree pages of tables.
const (
	interior = 0x05
	leaf     = 0x0d
)

// walk visits the records of a table in the order of row IDs.
func (db *DB) walk(root uint32, visit func(rowID int64, record []byte) error) error {
	return db.walkPage(root, map[uint32]bool{}, visit)
}

// walkPage visits the records below a page. A page that occurs twice is an error.
func (db *DB) walkPage(root uint32, seen map[uint32]bool, visit func(rowID int64, record []byte) error) error {
	page, err := db.page(root)
	if err != nil || seen[root] {
		return errDamaged
	}
	seen[root] = true
	head := page
	if root == 1 {
		head = page[headerSize:]
	}
	cells := int(binary.BigEndian.Uint16(head[3:]))
	switch head[0] {
	case leaf:
		return db.walkLeaf(page, head[8:], cells, visit)
	case interior:
		for i := range cells {
			at, err := cellAt(page, head[12:], i, 4)
			if err != nil {
				return err
			}
			if err := db.walkPage(binary.BigEndian.Uint32(page[at:]), seen, visit); err != nil {
				return err
			}
		}
		return db.walkPage(binary.BigEndian.Uint32(head[8:]), seen, visit)
	}
	return errDamaged
}

// cellAt answers the offset of a cell, which has at least so many bytes.
func cellAt(page, pointers []byte, i, least int) (int, error) {
	if 2*i+2 > len(pointers) {
		return 0, errDamaged
	}
	at := int(binary.BigEndian.Uint16(pointers[2*i:]))
	if at+least > len(page) {
		return 0, errDamaged
	}
	return at, nil
}

func (db *DB) walkLeaf(page, pointers []byte, cells int, visit func(int64, []byte) error) error {
	for i := range cells {
		at, err := cellAt(page, pointers, i, 2)
		if err != nil {
			return err
		}
		size, rest, ok := varint(page[at:])
		rowID, rest, ok2 := varint(rest)
		if !ok || !ok2 || size < 0 || size > int64(len(db.data)) {
			return errDamaged
		}
		record, err := db.payload(rest, int(size))
		if err != nil {
			return err
		}
		if err := visit(rowID, record); err != nil {
			return err
		}
	}
	return nil
}

// payload collects a record, including its overflow pages.
func (db *DB) payload(cell []byte, size int) ([]byte, error) {
	local := db.local(size)
	if local > len(cell) {
		return nil, errDamaged
	}
	if local == size {
		return cell[:size], nil
	}
	if local+4 > len(cell) {
		return nil, errDamaged
	}
	record := append(make([]byte, 0, size), cell[:local]...)
	next := binary.BigEndian.Uint32(cell[local:])
	for len(record) < size {
		page, err := db.page(next)
		if err != nil {
			return nil, err
		}
		n := min(size-len(record), db.usable-4)
		record = append(record, page[4:4+n]...)
		next = binary.BigEndian.Uint32(page)
	}
	return record, nil
}

// local is how many bytes of a record are stored in the leaf page.
func (db *DB) local(size int) int {
	most := db.usable - 35
	if size <= most {
		return size
	}
	least := (db.usable-12)*32/255 - 23
	n := least + (size-least)%(db.usable-4)
	if n <= most {
		return n
	}
	return least
}

// varint decodes a number of one to nine bytes and answers the rest.
func varint(b []byte) (n int64, rest []byte, ok bool) {
	for i := range min(len(b), 9) {
		if i == 8 {
			return n<<8 | int64(b[8]), b[9:], true
		}
		n = n<<7 | int64(b[i]&0x7f)
		if b[i]&0x80 == 0 {
			return n, b[i+1:], true
		}
	}
	return 0, nil, false
}
