package store

import (
	"fmt"
	"iter"
	"runtime"

	"golang.org/x/sync/errgroup"
)

// load makes the first snapshot from the log.
func load(log Log, tables []AnyTable) (*Snap, error) {
	known := make(map[string]AnyTable, len(tables))
	content := make(map[string]anyRows, len(tables))
	for _, t := range tables {
		if known[t.Name()] != nil {
			return nil, fmt.Errorf("two tables are called %s", t.Name())
		}
		known[t.Name()], content[t.Name()] = t, t.newRows()
	}
	err := log.Load(func(table string, stored iter.Seq2[[]byte, []byte]) (err error) {
		t, ok := known[table]
		if !ok {
			return fmt.Errorf("table %s is unknown to this version of renkei: use the version that wrote it, or a newer one", table)
		}
		content[table], err = t.load(stored)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &Snap{tables: content}, nil
}

// load decodes the rows of a table, in parallel, and builds the indexes.
func (t *Table[T]) load(stored iter.Seq2[[]byte, []byte]) (anyRows, error) {
	cells, values, err := t.collect(stored)
	if err != nil {
		return nil, err
	}
	if err := t.decodeAll(cells, values); err != nil {
		return nil, err
	}
	sortCells(cells)
	rs := t.emptyRows()
	for _, c := range cells {
		rs.tree.load(c)
	}
	return rs, t.indexAll(rs, cells)
}

// collect reads keys and encoded values.
func (t *Table[T]) collect(stored iter.Seq2[[]byte, []byte]) (cells []cell, values [][]byte, err error) {
	for k, value := range stored {
		key, ok := keyOf(k)
		if !ok {
			return nil, nil, fmt.Errorf("table %s: a key has %d bytes instead of %d: the data is damaged", t.name, len(k), keySize)
		}
		cells, values = append(cells, cell{key: key}), append(values, value)
	}
	return cells, values, nil
}

// decodeAll decodes in parallel, a part of the rows per CPU.
func (t *Table[T]) decodeAll(cells []cell, values [][]byte) error {
	var g errgroup.Group
	part := max(64, (len(cells)+runtime.GOMAXPROCS(0)-1)/runtime.GOMAXPROCS(0))
	for from := 0; from < len(cells); from += part {
		to := min(from+part, len(cells))
		g.Go(func() error { return t.decodePart(cells[from:to], values[from:to]) })
	}
	return g.Wait()
}

func (t *Table[T]) decodePart(cells []cell, values [][]byte) error {
	for i := range cells {
		c := &cells[i]
		row := &Row[T]{Key: c.key, Val: new(T)}
		c.row = row
		if err := decode(values[i], row.Val); err != nil {
			return fmt.Errorf("table %s, key %v: %w", t.name, c.key, err)
		}
	}
	return nil
}

// indexAll builds all indexes of a table. Adding sorted entries is fast.
func (t *Table[T]) indexAll(rs *rows[T], cells []cell) error {
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, ix := range t.indexes {
		g.Go(func() error {
			for _, e := range ix.lines(cells) {
				rs.indexes[i].load(e)
			}
			return nil
		})
	}
	return g.Wait()
}

// lines are the entries of an index for the rows, sorted.
func (ix *Index[T]) lines(cells []cell) []entry {
	list := make([]entry, 0, len(cells))
	for _, c := range cells {
		for _, text := range ix.of(rowOf[T](c.row).Val) {
			list = append(list, entry{text, c.key})
		}
	}
	sortEntries(list)
	return list
}
