package attr

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

// FromXML reads a document whose root's children are attributes, such as
// <TEMPLATE>, as oned does: a child with children of its own is a vector, an
// element with nothing in it is no attribute, a vector knows no deeper level, and
// of two of its children with one name the last one wins.
// The error is a *SyntaxError.
func FromXML(doc []byte) (Template, error) {
	r := xmlReader{dec: xml.NewDecoder(bytes.NewReader(doc)), tree: newBuilder(usual)}
	if err := r.document(); err != nil {
		line, column := r.dec.InputPos()
		return nil, &SyntaxError{Line: line, Column: column, Msg: ": XML Template malformed."}
	}
	return r.tree.build(), nil
}

var errOutside = errors.New("text outside of the root element")

// xmlReader walks through one document.
type xmlReader struct {
	dec  *xml.Decoder
	tree builder
}

// document reads exactly one root element, with what XML allows around it.
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

// root reads the attributes up to the end of the root element.
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

// attribute reads one child of the root.
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

// pair reads one child of a vector: the text in front of any deeper element.
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

// text is the character data of an element, which comments and CDATA sections
// may divide. An empty CDATA section is an empty text, no section is none.
type text struct {
	present bool
	b       strings.Builder
}

func (t *text) add(data []byte) {
	t.present = true
	t.b.Write(data)
}

func (t *text) trimmed() string { return strings.Trim(t.b.String(), blanks) }
