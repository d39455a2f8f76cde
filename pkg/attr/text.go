package attr

import "strings"

// Text writes the template so that Parse reads it back: in OpenNebula's syntax,
// one attribute after the other, or as XML when a value or a name is such that
// the syntax has no way to write it ("]]>", a backslash at the end, blanks
// around it). Written all the same, it would spill into the next attribute.
func (t Template) Text() string {
	if !t.writable() {
		return string(t.AppendXML(nil, "TEMPLATE"))
	}
	var b strings.Builder
	for i := range t {
		t[i].writeText(&b)
	}
	return b.String()
}

// writeText writes one attribute the way the command line tools show it.
func (a *Attr) writeText(b *strings.Builder) {
	b.WriteString(a.Name)
	b.WriteByte('=')
	if !a.IsVector {
		writeQuoted(b, a.Value)
		b.WriteByte('\n')
		return
	}
	b.WriteByte('[')
	for i, p := range a.Vector {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString("\n  ")
		b.WriteString(p.Key)
		b.WriteByte('=')
		writeQuoted(b, p.Value)
	}
	b.WriteString(" ]\n")
}

func writeQuoted(b *strings.Builder, s string) {
	b.WriteByte('"')
	b.WriteString(strings.ReplaceAll(s, `"`, `\"`))
	b.WriteByte('"')
}

// writable tells whether the syntax can express every name and value.
func (t Template) writable() bool {
	for i := range t {
		if !writableName(t[i].Name) || !writableValue(t[i].Value) {
			return false
		}
		for _, p := range t[i].Vector {
			if !writableName(p.Key) || upper(p.Key) != p.Key || !writableValue(p.Value) {
				return false
			}
		}
	}
	return true
}

func writableName(name string) bool { return countFunc(name, isAlnum) == len(name) }

func writableValue(value string) bool {
	return !strings.HasSuffix(value, `\`) && !strings.Contains(value, cdataClose)
}
