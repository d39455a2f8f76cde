package replay

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// valueTypes maps XML-RPC types to the names by which they are compared: <int> and <i4> are the
// same type, the others are not.
var valueTypes = map[string]string{
	"i4": "int", "int": "int", "i8": "i8", "boolean": "boolean", "string": "string",
	"double": "double", "dateTime.iso8601": "dateTime", "base64": "base64", "nil": "nil",
}

// decodeValue converts a <value> element to a tree. A string that contains a document has it as
// its child.
func decodeValue(v *node) (*node, error) {
	if len(v.children) == 0 {
		return stringValue(v.text), nil
	}
	if len(v.children) != 1 {
		return nil, fmt.Errorf("a value holds %d elements", len(v.children))
	}
	e := v.children[0]
	switch e.name {
	case "array":
		return decodeArray(e)
	case "struct":
		return decodeStruct(e)
	case "string":
		return stringValue(e.text), nil
	}
	typ, ok := valueTypes[e.name]
	if !ok {
		return nil, fmt.Errorf("unknown type <%s> of a value", e.name)
	}
	if len(e.children) > 0 {
		return nil, fmt.Errorf("a value of type <%s> holds elements", e.name)
	}
	return &node{name: typ, text: strings.TrimSpace(e.text)}, nil
}

func decodeArray(e *node) (*node, error) {
	data := e.child("data")
	if data == nil {
		return nil, errors.New("an array without <data>")
	}
	out := &node{name: "array"}
	for _, v := range data.children {
		item, err := decodeValue(v)
		if err != nil {
			return nil, err
		}
		out.children = append(out.children, item)
	}
	return out, nil
}

func decodeStruct(e *node) (*node, error) {
	out := &node{name: "struct"}
	for _, m := range e.children {
		name, v := m.child("name"), m.child("value")
		if name == nil || v == nil {
			return nil, errors.New("a struct member without name or value")
		}
		item, err := decodeValue(v)
		if err != nil {
			return nil, fmt.Errorf("member %s: %w", name.text, err)
		}
		out.children = append(out.children, &node{name: "member", attrs: []string{fmt.Sprintf("name=%q", name.text)}, children: []*node{item}})
	}
	return out, nil
}

// stringValue is the text, or the document in it.
func stringValue(text string) *node {
	if strings.HasPrefix(strings.TrimSpace(text), "<") {
		if doc, err := parseXML(text); err == nil {
			return &node{name: "string", children: []*node{doc}}
		}
	}
	return &node{name: "string", text: text}
}

// jsonValue is the tree of a decoded result in a recording.
func jsonValue(v any) (*node, error) {
	switch v := v.(type) {
	case string:
		return stringValue(v), nil
	case bool:
		return &node{name: "boolean", text: boolDigit(v)}, nil
	case json.Number:
		return &node{name: "int", text: v.String()}, nil
	case []any:
		out := &node{name: "array"}
		for _, item := range v {
			n, err := jsonValue(item)
			if err != nil {
				return nil, err
			}
			out.children = append(out.children, n)
		}
		return out, nil
	default:
		return nil, fmt.Errorf("a recorded value of type %T has no XML-RPC form", v)
	}
}
