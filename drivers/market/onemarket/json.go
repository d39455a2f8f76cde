package onemarket

import (
	"bytes"
	"encoding/json"
	"strings"
)

// text is a JSON string, or a number or boolean as it is written: some appliances have "1.0" and
// others 1.0. Other JSON values are read as "".
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

// ordered is a JSON object whose members keep their order. Other JSON values are read as an empty
// object.
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
		m := member{key: key.(string)} // keys of a JSON object are always strings
		if err := in.Decode(&m.value); err != nil {
			return err
		}
		*o = append(*o, m)
	}
	return nil
}

// text returns a string, number or boolean, and "" for other values.
func (m member) text() string {
	var t text
	if err := json.Unmarshal(m.value, &t); err != nil {
		return ""
	}
	return string(t)
}

// objects returns the value if it is an object, or its items if it is a list of objects.
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
