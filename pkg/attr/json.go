package attr

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// MarshalJSON writes a template as a list of objects with one member each, because names may
// repeat and their order matters.
//
//	[{"CPU": "1"}, {"DISK": {"IMAGE_ID": "3"}}, {"DISK": {"SIZE": "9"}}]
func (t Template) MarshalJSON() ([]byte, error) {
	if t == nil {
		return []byte("null"), nil
	}
	b := []byte{'['}
	for i := range t {
		if i > 0 {
			b = append(b, ',')
		}
		one, err := t[i].MarshalJSON()
		if err != nil {
			return nil, err
		}
		b = append(b, one...)
	}
	return append(b, ']'), nil
}

// MarshalJSON writes an attribute as an object with one member.
func (a Attr) MarshalJSON() ([]byte, error) {
	b := append(appendJSON([]byte{'{'}, a.Name), ':')
	if !a.IsVector {
		return append(appendJSON(b, a.Value), '}'), nil
	}
	b = append(b, '{')
	for i, p := range a.Vector {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendJSON(append(appendJSON(b, p.Key), ':'), p.Value)
	}
	return append(b, '}', '}'), nil
}

func appendJSON(b []byte, s string) []byte {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // cannot fail for strings and a Buffer
	return append(b, bytes.TrimSuffix(out.Bytes(), []byte{'\n'})...)
}

// UnmarshalJSON reads the result of MarshalJSON.
func (t *Template) UnmarshalJSON(data []byte) error {
	var list []Attr
	if err := json.Unmarshal(data, &list); err != nil {
		return err
	}
	*t = list
	return nil
}

var errJSON = errors.New("attr: an attribute is an object of one member, a text or an object of texts")

// UnmarshalJSON reads the result of MarshalJSON.
func (a *Attr) UnmarshalJSON(data []byte) error {
	d := json.NewDecoder(bytes.NewReader(data))
	name, err := member(d)
	if err != nil {
		return err
	}
	*a = Attr{Name: name}
	value, err := d.Token()
	if err != nil {
		return err
	}
	switch v := value.(type) {
	case string:
		a.Value = v
		return closed(d)
	case json.Delim:
		if v == '{' {
			a.IsVector = true
			return errors.Join(a.pairs(d), closed(d))
		}
	}
	return errJSON
}

// member reads the opening brace of an object and the name of its first member.
func member(d *json.Decoder) (string, error) {
	open, err := d.Token()
	if err != nil {
		return "", err
	}
	if open != json.Delim('{') || !d.More() {
		return "", errJSON
	}
	return jsonText(d)
}

// pairs reads the members of a vector and the closing brace.
func (a *Attr) pairs(d *json.Decoder) error {
	for d.More() {
		key, err := jsonText(d)
		if err != nil {
			return err
		}
		value, err := jsonText(d)
		if err != nil {
			return err
		}
		a.Vector = append(a.Vector, Pair{key, value})
	}
	_, err := d.Token()
	return err
}

func jsonText(d *json.Decoder) (string, error) {
	token, err := d.Token()
	if err != nil {
		return "", err
	}
	s, ok := token.(string)
	if !ok {
		return "", fmt.Errorf("%w, and not %v", errJSON, token)
	}
	return s, nil
}

func closed(d *json.Decoder) error {
	token, err := d.Token()
	if err == nil && token != json.Delim('}') {
		err = errJSON
	}
	return err
}
