package rvpe

import (
	"fmt"
	"strings"
)

// Escape sequences for headings, which the originals print even if the output is no terminal.
const (
	bold      = "\x1b[1m"
	underline = "\x1b[4m"
	plain     = "\x1b[0m"
)

// column is a column of a list.
type column struct {
	title string
	width int
	left  bool // left-aligned
	value func(n *node) string
}

// ID is the first column of most lists; it is only printed with -v.
func idColumn() column { return column{title: "ID", width: 4, value: (*node).id} }

func (c column) cell(text string) string {
	if c.left {
		return fmt.Sprintf("%-*.*s", c.width, c.width, text)
	}
	return fmt.Sprintf("%*.*s", c.width, c.width, text)
}

// row is a line of a list.
func row(columns []column, cell func(c column) string) string {
	cells := make([]string, len(columns))
	for i, c := range columns {
		cells[i] = c.cell(cell(c))
	}
	return strings.Join(cells, " ")
}

// list prints a pool: as XML, or as a table.
func (s *session) list(pool *node, element string, columns []column) {
	if s.xml {
		s.puts(pool.String())
		return
	}
	if !s.verbose {
		columns = columns[1:]
	}
	s.table(pool.all(element), columns)
}

func (s *session) table(rows []*node, columns []column) {
	s.print(bold + underline + row(columns, func(c column) string { return c.title }) + plain + "\n")
	lines := make([]string, len(rows))
	for i, n := range rows {
		lines[i] = row(columns, func(c column) string { return c.value(n) })
	}
	s.puts(strings.Join(lines, "\n"))
}

// heading prints a heading with a line below, section one without.
func (s *session) heading(text string) { s.print(bold + underline + padded(text) + plain + "\n") }
func (s *session) section(text string) { s.print(bold + padded(text) + plain + "\n") }

func padded(text string) string { return fmt.Sprintf("%-80s", text) }

// fields prints lines of a name and a value, with these widths.
type fields struct {
	s           *session
	name, value int
}

func (s *session) fields() fields     { return fields{s, 15, 30} }
func (s *session) wideFields() fields { return fields{s, 22, 20} }

func (f fields) put(name, value string) {
	f.s.print(fmt.Sprintf("%-*s: %-*s\n", f.name, name, f.value, value))
}

// more is printed with -v only.
func (f fields) more(name, value string) {
	if f.s.verbose {
		f.put(name, value)
	}
}

func yesNo(yes bool) string {
	if yes {
		return "Yes"
	}
	return "No"
}
