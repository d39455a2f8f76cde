package cli

import (
	"encoding/xml"
	"fmt"
	"strings"
)

// recordsHead is the heading for the records of a user or a month.
func (s *session) recordsHead(text string) {
	fmt.Fprintln(s.out, s.painter().header(fmt.Sprintf("%-80s", text)))
	fmt.Fprintln(s.out)
}

// printRecords prints a table of records; shown are the default columns.
func (s *session) printRecords(in *input, rows []*node, shown []string) error {
	if asked := in.list("list"); len(asked) > 0 {
		shown = asked
	}
	columns, err := in.noun.columnSet(shown)
	if err != nil {
		return err
	}
	t := newTable(columns, rows, &view{session: s})
	if in.bool("csv") {
		return s.printCSV(in, t)
	}
	t.widen()
	t.print(s.out, !in.bool("no-header"), s.painter())
	return nil
}

// grouped groups records by the text at a path, in the order of first occurrence.
func grouped(records []*node, path string) (keys []string, by map[string][]*node) {
	by = map[string][]*node{}
	for _, record := range records {
		key := record.get(path)
		if by[key] == nil {
			keys = append(keys, key)
		}
		by[key] = append(by[key], record)
	}
	return keys, by
}

// xmlText formats a node as XML, for an answer that was filtered.
func xmlText(n *node) string {
	var t strings.Builder
	writeXML(&t, n)
	return t.String()
}

func writeXML(t *strings.Builder, n *node) {
	t.WriteString("<" + n.name + ">")
	if len(n.kids) == 0 {
		_ = xml.EscapeText(t, []byte(n.text)) // a strings.Builder never fails
	}
	for _, kid := range n.kids {
		writeXML(t, kid)
	}
	t.WriteString("</" + n.name + ">")
}
