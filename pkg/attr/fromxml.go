package attr

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

// FromXML reads an XML document whose root contains attributes, such as <TEMPLATE>, as oned
// does: an element with child elements is a vector, an empty element is ignored, and so are
// deeper levels. If a key occurs twice in a vector, the last value counts. The error is a
// *SyntaxError.
func FromXML(doc []byte) (Template, error) {
	r := xmlReader{dec: xml.NewDecoder(bytes.NewReader(doc)), tree: newBuilder(usual)}
	if err := r.document(); err != nil {
		line, column := r.dec.InputPos()
		return nil, &SyntaxError{Line: line, Column: column, Msg: ": XML Template malformed."}
	}
	return r.tree.build(), nil
}

var errOutside = errors.New("text outside of the root element")

// xmlReader reads one document.
type xmlReader struct {
	dec  *xml.Decoder
	tree builder
}

// document reads exactly one root element, and what XML allows around it.
func (r *xmlReader) document() error {
	for seen := false; ; {
		tok, err := r.dec.Token()
		if err == io.EOF && seen {
			return nil
		}
		if err != nil {
			return err
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			if seen {
				return errOutside
			}
			seen = true
			if err := r.root(); err != nil {
				return err
			}
		case xml.CharData:
			if len(bytes.Trim(tok, blanks)) > 0 {
				return errOutside
			}
		}
	}
}

// root reads attributes up to the end of the root element.
func (r *xmlReader) root() error {
	for {
		tok, err := r.dec.Token()
		if err != nil {
			return err
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			if err := r.attribute(tok.Name.Local); err != nil {
				return err
			}
		case xml.EndElement:
			return nil
		}
	}
}

// attribute reads a child of the root.
func (r *xmlReader) attribute(name string) error {
	var value text
	isVector := false
	for {
		tok, err := r.dec.Token()
		if err != nil {
			return err
		}
		switch tok := tok.(type) {
		case xml.CharData:
			value.add(tok)
		case xml.StartElement:
			if !isVector {
				r.tree.vector(name)
				isVector = true
			}
			if err := r.pair(tok.Name.Local); err != nil {
				return err
			}
		case xml.EndElement:
			if isVector {
				r.tree.endVector(true)
			} else if value.present {
				r.tree.single(name, value.trimmed())
			}
			return nil
		}
	}
}

// pair reads a child of a vector: its text up to a deeper element.
func (r *xmlReader) pair(key string) error {
	var value text
	deeper := false
	for {
		tok, err := r.dec.Token()
		if err != nil {
			return err
		}
		switch tok := tok.(type) {
		case xml.CharData:
			if !deeper {
				value.add(tok)
			}
		case xml.StartElement:
			deeper = true
			if err := r.dec.Skip(); err != nil {
				return err
			}
		case xml.EndElement:
			if value.present {
				r.tree.pair(key, value.trimmed())
			}
			return nil
		}
	}
}

// text is the character data of an element, which may be interrupted by comments and consist of
// CDATA sections. An empty CDATA section is an empty text; without any text, the element counts
// as empty.
type text struct {
	present bool
	b       strings.Builder
}

func (t *text) add(data []byte) {
	t.present = true
	t.b.Write(data)
}

func (t *text) trimmed() string { return strings.Trim(t.b.String(), blanks) }
