// Package render writes objects as XML, in the order of OpenNebula 7.4's schemas and with
// oned's habits: names and numbers are plain, free text is in CDATA, and an empty element is
// <X></X>. It allocates only the text.
package render

import (
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/xmlrpc"
)

// Writer is an XML document under construction.
type Writer []byte

// Open begins an element.
func (w *Writer) Open(tag string) { *w = append(append(append(*w, '<'), tag...), '>') }

// Close ends an element.
func (w *Writer) Close(tag string) { *w = append(append(append(*w, '<', '/'), tag...), '>') }

// Empty writes <TAG/>.
func (w *Writer) Empty(tag string) { *w = append(append(append(*w, '<'), tag...), '/', '>') }

// Int writes a number.
func (w *Writer) Int(tag string, n int64) {
	w.Open(tag)
	*w = strconv.AppendInt(*w, n, 10)
	w.Close(tag)
}

// Text writes plain text, escaped.
func (w *Writer) Text(tag, s string) {
	w.Open(tag)
	*w = xmlrpc.AppendEscaped(*w, s)
	w.Close(tag)
}

// CDATA writes free text.
func (w *Writer) CDATA(tag, s string) {
	w.Open(tag)
	*w = attr.AppendCDATA(*w, s)
	w.Close(tag)
}

// cdataInt writes a number as templates do, in CDATA.
func (w *Writer) cdataInt(tag string, n int64) {
	w.Open(tag)
	*w = append(*w, "<![CDATA["...)
	*w = strconv.AppendInt(*w, n, 10)
	*w = append(*w, "]]>"...)
	w.Close(tag)
}

// cdataDecimal writes a number with two decimals at the most.
func (w *Writer) cdataDecimal(tag string, f float64) {
	w.Open(tag)
	*w = append(*w, "<![CDATA["...)
	*w = strconv.AppendFloat(*w, f, 'f', 2, 64)
	*w = append(*w, "]]>"...)
	w.Close(tag)
}

// Bool writes 1 or 0.
func (w *Writer) Bool(tag string, b bool) {
	if b {
		w.Int(tag, 1)
		return
	}
	w.Int(tag, 0)
}

// IDs writes a list of IDs.
func (w *Writer) IDs(tag string, ids []int) {
	w.Open(tag)
	for _, id := range ids {
		w.Int("ID", int64(id))
	}
	w.Close(tag)
}

// Template writes a template under a tag.
func (w *Writer) Template(tag string, t attr.Template) { *w = t.AppendXML(*w, tag) }

// owned writes the head that objects with an owner begin with.
func (w *Writer) owned(m *object.Meta) {
	w.Int("ID", int64(m.ID))
	w.Int("UID", int64(m.UID))
	w.Int("GID", int64(m.GID))
	w.Text("UNAME", m.UName)
	w.Text("GNAME", m.GName)
	w.Text("NAME", m.Name)
}

// lock writes LOCK, if there is one.
func (w *Writer) lock(l *object.Lock) {
	if l == nil {
		return
	}
	w.Open("LOCK")
	w.Int("LOCKED", int64(l.Level))
	w.Int("OWNER", int64(l.Owner))
	w.Int("TIME", l.Time)
	w.Int("REQ_ID", int64(l.ReqID))
	w.Close("LOCK")
}

// permissions writes PERMISSIONS.
func (w *Writer) permissions(p object.Perms) {
	w.Open("PERMISSIONS")
	for _, class := range [...]struct {
		name  string
		shift uint
	}{{"OWNER", object.Owner}, {"GROUP", object.Group}, {"OTHER", object.Other}} {
		w.Int(class.name+"_U", int64(p.Bit(class.shift, 4)))
		w.Int(class.name+"_M", int64(p.Bit(class.shift, 2)))
		w.Int(class.name+"_A", int64(p.Bit(class.shift, 1)))
	}
	w.Close("PERMISSIONS")
}
