package cli

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// table is a list to print: its columns and the text of each cell.
type table struct {
	columns []column
	cells   [][]string
}

func newTable(columns []column, rows []*node, v *view) *table {
	t := &table{columns: append([]column(nil), columns...)}
	for _, row := range rows {
		cells := make([]string, len(columns))
		for i, c := range columns {
			cells[i] = c.value(v, row)
		}
		t.cells = append(t.cells, cells)
	}
	return t
}

// widen makes columns that must not be truncated as wide as their contents.
func (t *table) widen() {
	for i := range t.columns {
		if t.columns[i].look&adjust == 0 {
			continue
		}
		for _, row := range t.cells {
			t.columns[i].width = max(t.columns[i].width, utf8.RuneCountInString(row[i]))
		}
	}
}

// print prints the table in columns, with colours for states and the header.
func (t *table) print(out io.Writer, header bool, p painter) {
	if header {
		fmt.Fprintln(out, p.header(t.header()))
	}
	for _, row := range t.cells {
		cells := make([]string, len(row))
		for i, c := range t.columns {
			cells[i] = c.fit(row[i])
			if c.name == "STAT" {
				cells[i] = p.state(cells[i])
			}
		}
		fmt.Fprintln(out, strings.TrimRight(strings.Join(cells, " "), " "))
	}
}

func (t *table) header() string {
	names := make([]string, len(t.columns))
	for i, c := range t.columns {
		names[i] = c.fit(c.name)
	}
	return strings.Join(names, " ")
}

// fit pads or truncates a text to the width of the column.
func (c column) fit(text string) string {
	runes := []rune(text)
	if len(runes) > c.width && c.look&adjust == 0 {
		runes = runes[:c.width]
	}
	pad := strings.Repeat(" ", max(0, c.width-len(runes)))
	if c.look&left != 0 {
		return string(runes) + pad
	}
	return pad + string(runes)
}

// printCSV prints the table without truncation.
func (t *table) printCSV(out io.Writer, header bool, delimiter rune) error {
	w := csv.NewWriter(out)
	w.Comma = delimiter
	if header {
		names := make([]string, len(t.columns))
		for i, c := range t.columns {
			names[i] = c.name
		}
		if err := w.Write(names); err != nil {
			return err
		}
	}
	return w.WriteAll(t.cells)
}
