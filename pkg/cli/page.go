package cli

import (
	"fmt"
	"io"
	"strings"
)

// page writes what `show` says of one object, in sections.
type page struct {
	out     io.Writer
	session *session
	paint   painter
	form    string // of one line: label and value
	all     bool   // also the parts of the template that have tables of their own
	ars     bool   // also the template of each address range
}

// title heads the whole page.
func (p *page) title(text string) { fmt.Fprintln(p.out, p.paint.header(fmt.Sprintf("%-80s", text))) }

// section heads a part of the page, after an empty line.
func (p *page) section(text string) {
	fmt.Fprintln(p.out)
	p.head(text)
}

func (p *page) head(text string) { fmt.Fprintln(p.out, p.paint.section(fmt.Sprintf("%-80s", text))) }

func (p *page) line(label, value string) { fmt.Fprintf(p.out, p.form+"\n", label, value) }

// lineIf leaves out what has no value.
func (p *page) lineIf(label, value string) {
	if value != "" {
		p.line(label, value)
	}
}

func (p *page) blank() { fmt.Fprintln(p.out) }

// table writes rows below a header of their columns.
func (p *page) table(columns []column, rows []*node) {
	t := newTable(columns, rows, &view{session: p.session})
	t.widen()
	t.print(p.out, true, p.paint)
}

// permissions writes who may use, manage and administer an object.
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

// template writes an element in OpenNebula's template language.
func (p *page) template(n *node) {
	fmt.Fprintln(p.out, templateText(n))
}

// ids writes a list of IDs, one a line, below a header.
func (p *page) ids(head string, ids []string) {
	p.blank()
	fmt.Fprintln(p.out, p.paint.header(fmt.Sprintf("%-15s", head)))
	for _, id := range ids {
		fmt.Fprintf(p.out, "%-15s\n", id)
	}
}

// idsOf joins IDs, with a dash for none.
func idsOf(ids []string) string {
	if len(ids) == 0 {
		return "-"
	}
	return strings.Join(ids, ",")
}
