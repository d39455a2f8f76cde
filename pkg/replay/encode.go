package replay

import (
	"encoding/json"
	"fmt"
	"strings"
)

// encodeCall encodes a method call, for formats with decoded values.
func encodeCall(method string, params []any) (string, error) {
	var b strings.Builder
	b.WriteString("<?xml version=\"1.0\"?>\n<methodCall>\n<methodName>" + escape(method) + "</methodName>\n<params>\n")
	for _, p := range params {
		b.WriteString("<param>")
		if err := encodeValue(&b, p); err != nil {
			return "", fmt.Errorf("parameters of %s: %w", method, err)
		}
		b.WriteString("</param>\n")
	}
	b.WriteString("</params>\n</methodCall>\n")
	return b.String(), nil
}

// encodeValue encodes the values that JSON can have.
func encodeValue(b *strings.Builder, v any) error {
	b.WriteString("<value>")
	switch v := v.(type) {
	case string:
		b.WriteString("<string>" + escape(v) + "</string>")
	case bool:
		b.WriteString("<boolean>" + boolDigit(v) + "</boolean>")
	case json.Number:
		b.WriteString(numberElement(v))
	case []any:
		b.WriteString("<array><data>")
		for _, item := range v {
			if err := encodeValue(b, item); err != nil {
				return err
			}
		}
		b.WriteString("</data></array>")
	default:
		return fmt.Errorf("a value of type %T has no XML-RPC form", v)
	}
	b.WriteString("</value>")
	return nil
}

func numberElement(n json.Number) string {
	if _, err := n.Int64(); err != nil {
		return "<double>" + n.String() + "</double>"
	}
	return "<i4>" + n.String() + "</i4>"
}

func boolDigit(v bool) string {
	if v {
		return "1"
	}
	return "0"
}

func escape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}
