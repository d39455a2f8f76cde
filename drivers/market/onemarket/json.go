package onemarket

import (
	"bytes"
	"encoding/json"
	"strings"
)

// text is a string, or a number or truth value as it is written: appliances are
// written by hand, and not all write "1.0" alike. Whatever else it is, it is "".
type text string

// UnmarshalJSON implements json.Unmarshaler.
func (t *text) UnmarshalJSON(data []byte) error {
	switch data[0] {
	case '"':
		return json.Unmarshal(data, (*string)(t))
	case '{', '[', 'n':
		*t = ""
	default:
		*t = text(data)
	}
	return nil
}

func join(list []text) text {
	words := make([]string, len(list))
	for i, word := range list {
		words[i] = string(word)
	}
	return text(strings.Join(words, ", "))
}

// ordered is a JSON object in the order in which it is written. Anything else in its
// place is an empty one.
type ordered []member

type member struct {
	key   string
	value json.RawMessage
}

// UnmarshalJSON implements json.Unmarshaler.
func (o *ordered) UnmarshalJSON(data []byte) error {
	*o = nil
	if data[0] != '{' {
		return nil
	}
	in := json.NewDecoder(bytes.NewReader(data))
	if _, err := in.Token(); err != nil {
		return err
	}
	for in.More() {
		key, err := in.Token()
		if err != nil {
			return err
		}
		m := member{key: key.(string)} // the syntax allows nothing else
		if err := in.Decode(&m.value); err != nil {
			return err
		}
		*o = append(*o, m)
	}
	return nil
}

// text answers a value that is no list and no object.
func (m member) text() string {
	var t text
	if err := json.Unmarshal(m.value, &t); err != nil {
		return ""
	}
	return string(t)
}

// objects answers the objects of a value that is one, or a list of them.
func (m member) objects() (list []ordered) {
	switch m.value[0] {
	case '{':
		list = make([]ordered, 1)
		if json.Unmarshal(m.value, &list[0]) != nil {
			return nil
		}
	case '[':
		if json.Unmarshal(m.value, &list) != nil {
			return nil
		}
	}
	return list
}
