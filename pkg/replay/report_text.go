package replay

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// WriteText prints the report: the requested diffs, the steps that differ, the summary by
// method, and the conclusion as the last line.
func (r Report) WriteText(w io.Writer) error {
	var b strings.Builder
	r.writeDiffs(&b)
	r.writeSteps(&b)
	r.writeSummary(&b)
	for _, note := range r.Notes {
		fmt.Fprintf(&b, "note: %s\n", note)
	}
	for _, entry := range r.Unused {
		fmt.Fprintf(&b, "unused: the allow-list names %s, which does not differ\n", entry)
	}
	b.WriteString(r.conclusion() + "\n")
	_, err := io.WriteString(w, b.String())
	return err
}

func (r Report) writeDiffs(b *strings.Builder) {
	for _, result := range r.Results {
		if result.Diff != "" {
			fmt.Fprintf(b, "step %d %s (%s): %s\n%s\n", result.N, result.Name, result.Method, result.Class, result.Diff)
		}
	}
}

// writeSteps lists each step that differs, allowed or not, and why.
func (r Report) writeSteps(b *strings.Builder) {
	t := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	lines := 0
	for _, result := range r.Results {
		if result.Class.Differs() {
			fmt.Fprintf(t, "%d\t%s\t%s\t%s\n", result.N, result.Name, result.Class, oneLine(result))
			lines++
		}
		for _, problem := range result.Schema {
			fmt.Fprintf(t, "%d\t%s\tschema\t%s\n", result.N, result.Name, problem)
			lines++
		}
	}
	t.Flush()
	if lines > 0 {
		b.WriteString("\n")
	}
}

func oneLine(result Result) string {
	text := strings.ReplaceAll(result.Detail, "\n", " ")
	if result.Allowed != "" {
		return "allowed: " + result.Allowed
	}
	return text
}

// writeSummary prints the table, without empty columns.
func (r Report) writeSummary(b *strings.Builder) {
	sum := r.Methods[len(r.Methods)-1]
	t := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	fmt.Fprint(t, "METHOD\tSTEPS")
	var columns []Class
	for _, c := range classes {
		if sum.Counts[c] > 0 {
			columns = append(columns, c)
			fmt.Fprintf(t, "\t%s", strings.ToUpper(string(c)))
		}
	}
	if sum.Allowed > 0 {
		fmt.Fprint(t, "\tALLOWED")
	}
	fmt.Fprintln(t)
	for _, m := range r.Methods {
		m.writeLine(t, columns, sum.Allowed > 0)
	}
	t.Flush()
}

func (m Method) writeLine(w io.Writer, columns []Class, allowed bool) {
	fmt.Fprintf(w, "%s\t%d", m.Name, m.Steps)
	for _, c := range columns {
		fmt.Fprintf(w, "\t%s", orDot(m.Counts[c]))
	}
	if allowed {
		fmt.Fprintf(w, "\t%s", orDot(m.Allowed))
	}
	fmt.Fprintln(w)
}

// orDot prints zeros as dots, so that other numbers stand out.
func orDot(n int) string {
	if n == 0 {
		return "."
	}
	return fmt.Sprint(n)
}

func (r Report) conclusion() string {
	sum := r.Methods[len(r.Methods)-1]
	compared := sum.Steps - sum.Counts[Withheld] - sum.Counts[Waited] - sum.Counts[Unmet]
	return fmt.Sprintf("%d steps: %d of %d compared answers are equal, %d differences are allowed, %d are not",
		sum.Steps, sum.Counts[Equal], compared, sum.Allowed, r.Differences())
}
