package cli

import (
	"fmt"
	"io"
	"strings"
)

// page prints the sections of `show`.
type page struct {
	out     io.Writer
	session *session
	paint   painter
	form    string // format of a line with label and value
	all     bool   // also print the parts of the template that have tables of their own
	ars     bool   // also print the template of each address range
}

// title prints the heading of the page.
func (p *page) title(text string) { fmt.Fprintln(p.out, p.paint.header(fmt.Sprintf("%-80s", text))) }

// section prints the heading of a section, after an empty line.
func (p *page) section(text string) {
	fmt.Fprintln(p.out)
	p.head(text)
}

func (p *page) head(text string) { fmt.Fprintln(p.out, p.paint.section(fmt.Sprintf("%-80s", text))) }

func (p *page) line(label, value string) { fmt.Fprintf(p.out, p.form+"\n", label, value) }

// lineIf prints a line, unless it has no value.
func (p *page) lineIf(label, value string) {
	if value != "" {
		p.line(label, value)
	}
}

func (p *page) blank() { fmt.Fprintln(p.out) }

// table prints rows with a header.
func (p *page) table(columns []column, rows []*node) {
	t := newTable(columns, rows, &view{session: p.session})
	t.widen()
	t.print(p.out, true, p.paint)
}

// permissions prints the permissions of an object.
func (p *page) permissions(n *node) {
	p.head("PERMISSIONS")
	for _, who := range []string{"OWNER", "GROUP", "OTHER"} {
		mask := []byte("---")
		for i, right := range []string{"_U", "_M", "_A"} {
			if n.get("PERMISSIONS/"+who+right) == "1" {
				mask[i] = "uma"[i]
			}
		}
		p.line(who, string(mask))
	}
}

// template prints an element in OpenNebula's template syntax.
func (p *page) template(n *node) {
	fmt.Fprintln(p.out, templateText(n))
}

// ids prints a list of IDs, one per line, with a header.
func (p *page) ids(head string, ids []string) {
	p.blank()
	fmt.Fprintln(p.out, p.paint.header(fmt.Sprintf("%-15s", head)))
	for _, id := range ids {
		fmt.Fprintf(p.out, "%-15s\n", id)
	}
}

// idsOf joins IDs; "-" if there are none.
func idsOf(ids []string) string {
	if len(ids) == 0 {
		return "-"
	}
	return strings.Join(ids, ",")
}
