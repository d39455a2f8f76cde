package cli

import (
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/spf13/pflag"

	"github.com/renkei-vpe/renkei/pkg/one"
)

// list is the verb that prints the objects of a noun as a table.
func list(n *noun) verb {
	v := verb{
		name: "list", short: "List the " + n.title + "s",
		flags: func(f *pflag.FlagSet) { listFlags(f, n) },
		run:   runList,
	}
	if n.scoped {
		v.args = []arg{word("all|mine|group|user").orNone()}
		v.long = v.short + `.

The argument narrows the list:
  a, all            all that you may see
  m, mine           your own
  g, group          your own and those of your groups
  G                 those of your primary group
  user name or ID   those of that user`
	}
	return v
}

func listFlags(f *pflag.FlagSet, n *noun) {
	formatFlags(f)
	listFlag(f, "list", "l", "columns to show")
	listFlag(f, "filter", "f", "rows to show, as COLUMN=value; also != < <= > >=, and ~ for a pattern")
	f.String("operator", "AND", "how filters combine: AND or OR")
	f.Bool("csv", false, "write the table as CSV")
	f.String("csv-del", ",", "delimiter of CSV")
	f.Bool("no-header", false, "leave out the header")
	f.BoolP("numeric", "n", false, "user and group IDs in place of names")
	f.BoolP("kilobytes", "k", false, "sizes as plain numbers")
	f.Bool("describe", false, "describe the available columns")
	listFlag(f, "adjust", "", "columns to make as wide as their contents")
	listFlag(f, "size", "s", "widths of columns, as name=20")
	listFlag(f, "expand", "", "columns that fill the terminal, as name or name=0.4")
	f.Bool("no-expand", false, "keep columns as wide as they are")
	f.Bool("no-pager", false, "accepted as OpenNebula's option; output is never paged here")
	if n.element == "IMAGE" {
		f.Bool("backup", false, "only backups")
	}
	if n.element == "VM" {
		f.Bool("extended", false, "whole VMs (in XML, JSON or YAML)")
		f.String("search", "", "VMs that match, as VM.NAME=abc&VM.TEMPLATE.MEMORY=64")
	}
}

func runList(s *session, in *input) error {
	if in.bool("describe") {
		return s.describe(in)
	}
	flag, err := s.filterFlag(in.word(0))
	if err != nil {
		return err
	}
	pool, text, err := s.read(in.poolRequest(flag))
	if err != nil {
		return err
	}
	if done, err := s.printFormat(in, pool, text); done {
		return err
	}
	return s.printList(in, pool)
}

// describe prints the available columns.
func (s *session) describe(in *input) error {
	for _, c := range in.noun.columns {
		fmt.Fprintf(s.out, "%-20s: %-20s\n", c.name, c.desc)
	}
	return nil
}

// poolRequest is the noun's pool call with the options' arguments.
func (in *input) poolRequest(flag int) request {
	r := in.noun.listRequest(flag)
	if in.bool("extended") {
		r.method = "one.vmpool.infoextended"
	}
	if in.given("search") {
		r.params = append(r.params, in.text("search"))
	}
	return r
}

// filterFlag is the filter flag for the list's argument (mine, group, all, or a user).
func (s *session) filterFlag(word string) (int, error) {
	switch word {
	case "", "a", "all":
		return allObjects, nil
	case "m", "mine":
		return ownObjects, nil
	case "g", "group":
		return groupObjects, nil
	case "G", "primary group":
		return primaryGroup, nil
	}
	return s.find(nounOf("USER"), word)
}

func (s *session) printList(in *input, pool *node) error {
	n := in.noun
	shown := in.list("list")
	if len(shown) == 0 {
		shown = n.defaults
	}
	columns, err := n.columnSet(shown)
	if err != nil {
		return err
	}
	v := &view{session: s, pool: pool, numeric: in.bool("numeric"), kilobytes: in.bool("kilobytes")}
	t := newTable(columns, pool.all(n.element), v)
	if err := t.filter(n, v, pool.all(n.element), in); err != nil {
		return err
	}
	if in.bool("csv") {
		return s.printCSV(in, t)
	}
	if err := t.layOut(in, s.io.width()); err != nil {
		return err
	}
	t.print(s.out, !in.bool("no-header"), s.painter())
	return nil
}

func (s *session) printCSV(in *input, t *table) error {
	delimiter, length := utf8.DecodeRuneInString(in.text("csv-del"))
	if length == 0 || length != len(in.text("csv-del")) {
		return fmt.Errorf("delimiter %q is not one character", in.text("csv-del"))
	}
	return t.printCSV(s.out, !in.bool("no-header"), delimiter)
}

// filter drops rows. It may use columns that are not printed.
func (t *table) filter(n *noun, v *view, rows []*node, in *input) error {
	conditions := in.list("filter")
	if in.bool("backup") {
		conditions = append(slices.Clone(conditions), "TYPE="+one.ImageTypeBackup.Short())
	}
	if len(conditions) == 0 {
		return nil
	}
	columns := append([]column(nil), t.columns...)
	for _, condition := range conditions {
		if f, err := parseFilter(condition, n.columns); err == nil {
			columns = append(columns, n.columns[f.column])
		}
	}
	kept, err := keep(newTable(columns, rows, v).cells, columns, conditions, in.text("operator"))
	if err != nil {
		return err
	}
	t.cells = nil
	for _, row := range kept {
		t.cells = append(t.cells, row[:len(t.columns)])
	}
	return nil
}

// layOut determines the widths of columns.
func (t *table) layOut(in *input, terminal int) error {
	for _, name := range in.list("adjust") {
		i := columnIndex(t.columns, name)
		if i < 0 {
			return fmt.Errorf("unknown column %s", name)
		}
		t.columns[i].look |= adjust
	}
	t.widen()
	if err := t.resize(in.list("size")); err != nil {
		return err
	}
	if terminal == 0 || in.bool("no-expand") {
		return nil
	}
	return t.stretch(terminal, in.list("expand"))
}
