package xmlrpc

import (
	"encoding/base64"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"time"
)

// document is a document being written: bytes of its own, and between them the chunks of Texts,
// which are not copied.
type document struct {
	buf     []byte
	texts   []placed
	oneLine bool // no line breaks between the elements
}

// placed is a Text and its offset in the document's own bytes.
type placed struct {
	at     int
	chunks [][]byte
	size   int
}

func (d *document) reset() {
	d.buf = d.buf[:0]
	clear(d.texts) // so that the chunks can be freed
	d.texts = d.texts[:0]
}

// size is the length of the document.
func (d *document) size() int {
	n := len(d.buf)
	for _, t := range d.texts {
		n += t.size
	}
	return n
}

// raw appends markup.
func (d *document) raw(markup string) {
	if d.oneLine {
		d.buf = appendOneLine(d.buf, markup)
		return
	}
	d.buf = append(d.buf, markup...)
}

// value appends <value>…</value> in the layout of xmlrpc-c.
func (d *document) value(v any) error {
	d.raw("<value>")
	if err := d.typed(v); err != nil {
		return err
	}
	d.raw("</value>")
	return nil
}

func (d *document) typed(v any) error {
	switch v := v.(type) {
	case nil:
		d.raw("<nil/>")
	case string:
		d.raw("<string>")
		d.buf = AppendEscaped(d.buf, v)
		d.raw("</string>")
	case Text:
		d.text(v)
	case bool:
		d.boolean(v)
	case int:
		d.integer(int64(v), math.MinInt32 <= v && v <= math.MaxInt32)
	case int32:
		d.integer(int64(v), true)
	case int64:
		d.integer(v, false)
	case float64:
		return d.double(v)
	case time.Time:
		d.dateTime(v)
	case []byte:
		d.raw("<base64>\r\n")
		d.buf = base64.StdEncoding.AppendEncode(d.buf, v)
		d.raw("\r\n</base64>")
	case []any:
		return d.array(v)
	case Struct:
		return d.structure(v)
	case map[string]any:
		return d.mapping(v)
	default:
		return fmt.Errorf("encoding a value: XML-RPC has no form for %T", v)
	}
	return nil
}

func (d *document) boolean(v bool) {
	if v {
		d.raw("<boolean>1</boolean>")
	} else {
		d.raw("<boolean>0</boolean>")
	}
}

func (d *document) integer(v int64, fitsInt bool) {
	open, end := "<i8>", "</i8>"
	if fitsInt {
		open, end = "<i4>", "</i4>"
	}
	d.raw(open)
	d.buf = strconv.AppendInt(d.buf, v, 10)
	d.raw(end)
}

func (d *document) double(v float64) error {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return fmt.Errorf("encoding a value: XML-RPC has no form for the number %v", v)
	}
	d.raw("<double>")
	d.buf = strconv.AppendFloat(d.buf, v, 'f', -1, 64)
	d.raw("</double>")
	return nil
}

// dateTime writes UTC, because the format has no time zone.
func (d *document) dateTime(v time.Time) {
	v = v.UTC()
	d.raw("<dateTime.iso8601>")
	d.buf = v.AppendFormat(d.buf, "20060102T15:04:05")
	if micros := v.Nanosecond() / 1000; micros != 0 {
		d.buf = fmt.Appendf(d.buf, ".%06d", micros)
	}
	d.raw("</dateTime.iso8601>")
}

func (d *document) text(t Text) {
	d.raw("<string>")
	if n := t.size(); n > 0 {
		d.texts = append(d.texts, placed{at: len(d.buf), chunks: t.Chunks, size: n})
	}
	d.raw("</string>")
}

func (d *document) array(items []any) error {
	d.raw("<array><data>\r\n")
	for _, v := range items {
		if err := d.value(v); err != nil {
			return err
		}
		d.raw("\r\n")
	}
	d.raw("</data></array>")
	return nil
}

func (d *document) structure(s Struct) error {
	d.raw("<struct>\r\n")
	for _, m := range s {
		if err := d.member(m.Name, m.Value); err != nil {
			return err
		}
	}
	d.raw("</struct>")
	return nil
}

func (d *document) mapping(m map[string]any) error {
	d.raw("<struct>\r\n")
	for _, name := range slices.Sorted(maps.Keys(m)) {
		if err := d.member(name, m[name]); err != nil {
			return err
		}
	}
	d.raw("</struct>")
	return nil
}

func (d *document) member(name string, v any) error {
	d.raw("<member><name>")
	d.buf = AppendEscaped(d.buf, name)
	d.raw("</name>\r\n")
	if err := d.value(v); err != nil {
		return err
	}
	d.raw("</member>\r\n")
	return nil
}
