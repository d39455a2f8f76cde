package attr

import "strings"

// Text writes the template so that Parse can read it: in OpenNebula's syntax, or as XML if a
// value or a name cannot be written in that syntax ("]]>", a backslash at the end, blanks
// around it) without becoming a part of the next attribute.
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

// writeText writes an attribute like the command line tools.
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

// writable reports whether all names and values can be written in OpenNebula's syntax.
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
