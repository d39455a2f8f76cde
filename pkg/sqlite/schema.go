package sqlite

import (
	"fmt"
	"slices"
	"strings"
)

// table is a table's root page and column names.
type table struct {
	root    uint32
	columns []string
	rowID   int // index of the column that is an alias of the row ID, and is not stored; -1 if there is none
}

// readSchema reads the schema table, whose root is the first page.
func (db *DB) readSchema() error {
	db.tables = map[string]table{}
	return db.walk(1, func(_ int64, record []byte) error {
		v, err := values(record)
		if err != nil || len(v) < 5 {
			return errDamaged
		}
		kind, _ := v[0].(string)
		name, _ := v[1].(string)
		root, _ := v[3].(int64)
		sql, _ := v[4].(string)
		if kind == "table" && root > 0 {
			t := columnsOf(sql)
			t.root = uint32(root)
			db.tables[strings.ToLower(name)] = t
		}
		return nil
	})
}

// columnsOf parses the column names in CREATE TABLE.
func columnsOf(sql string) table {
	t := table{rowID: -1}
	_, body, _ := strings.Cut(sql, "(")
	if i := strings.LastIndex(body, ")"); i >= 0 {
		body = body[:i]
	}
	for _, part := range splitColumns(body) {
		words := strings.Fields(strings.ToLower(part))
		if len(words) == 0 || slices.Contains(constraints, strings.TrimRight(words[0], "(")) || strings.HasPrefix(words[0], "unique(") {
			continue
		}
		if strings.Contains(strings.Join(words[1:], " "), "integer primary key") {
			t.rowID = len(t.columns)
		}
		t.columns = append(t.columns, strings.Trim(words[0], "\"`[]'"))
	}
	return t
}

// constraints begin table constraints, which are no columns.
var constraints = []string{"primary", "unique", "foreign", "check", "constraint"}

// splitColumns splits at commas outside of parentheses.
func splitColumns(body string) (parts []string) {
	depth, from := 0, 0
	for i, c := range body {
		switch {
		case c == '(':
			depth++
		case c == ')':
			depth--
		case c == ',' && depth == 0:
			parts, from = append(parts, body[from:i]), i+1
		}
	}
	return append(parts, body[from:])
}

// Has tells whether there is a table with these columns.
func (db *DB) Has(name string, columns ...string) bool {
	t, ok := db.tables[name]
	for _, c := range columns {
		ok = ok && slices.Contains(t.columns, c)
	}
	return ok
}

// Rows reads a table in the order of row IDs.
func (db *DB) Rows(name string) (rows []Row, err error) {
	t, ok := db.tables[name]
	if !ok {
		return nil, fmt.Errorf("there is no table %q", name)
	}
	err = db.walk(t.root, func(rowID int64, record []byte) error {
		v, err := values(record)
		if err != nil {
			return err
		}
		row := Row{}
		for i, column := range t.columns {
			switch {
			case i == t.rowID:
				row[column] = rowID
			case i < len(v): // older rows lack columns that were added later
				row[column] = v[i]
			}
		}
		rows = append(rows, row)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("table %s: %w", name, err)
	}
	return rows, nil
}
