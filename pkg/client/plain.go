package client

import (
	"bytes"
	"encoding/xml"
	"strconv"
	"strings"
)

// Calls and answers that are megabytes of text, such as a part of an image in base64,
// are written and read here: the library takes ten times as long with them, and as
// many copies. What is not of the plain forms is left to it.

// plainCall writes a call whose arguments are texts, whole numbers and booleans.
func plainCall(method string, args []any) (body []byte, ok bool) {
	var b bytes.Buffer
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?><methodCall><methodName>`)
	writeText(&b, method)
	b.WriteString("</methodName><params>")
	for _, arg := range args {
		b.WriteString("<param><value>")
		if !writePlain(&b, arg) {
			return nil, false
		}
		b.WriteString("</value></param>")
	}
	b.WriteString("</params></methodCall>")
	return b.Bytes(), true
}

func writePlain(b *bytes.Buffer, arg any) bool {
	switch v := arg.(type) {
	case string:
		b.WriteString("<string>")
		writeText(b, v)
		b.WriteString("</string>")
	case int:
		b.WriteString("<int>" + strconv.Itoa(v) + "</int>")
	case int64:
		b.WriteString("<int>" + strconv.FormatInt(v, 10) + "</int>")
	case bool:
		digit := "0"
		if v {
			digit = "1"
		}
		b.WriteString("<boolean>" + digit + "</boolean>")
	default:
		return false
	}
	return true
}

// writeText escapes what has to be; what is base64 need not.
func writeText(b *bytes.Buffer, text string) {
	if isPlain(text) {
		b.WriteString(text)
		return
	}
	xml.EscapeText(b, []byte(text)) //nolint:errcheck // a buffer takes all
}

// isPlain tells whether XML has a text as it is.
func isPlain(text string) bool {
	for i := 0; i < len(text); i++ {
		if c := text[i]; c < ' ' || c > '~' || c == '<' || c == '&' || c == '>' || c == '"' || c == '\'' {
			return false
		}
	}
	return true
}

// plainAnswer reads an answer that is true and a text in which nothing is escaped.
func plainAnswer(body []byte) (text string, ok bool) {
	rest := string(body)
	if declaration, after, found := strings.Cut(rest, "?>"); found && strings.HasPrefix(declaration, "<?xml ") {
		rest = after
	}
	for _, token := range beforeText {
		if rest, ok = strings.CutPrefix(strings.TrimLeft(rest, space), token); !ok {
			return "", false
		}
	}
	if text, rest, ok = strings.Cut(rest, "<"); !ok || strings.IndexByte(text, '&') >= 0 || strings.IndexByte(text, '\r') >= 0 {
		return "", false
	}
	rest = "<" + rest
	for _, token := range afterText {
		if rest, ok = strings.CutPrefix(strings.TrimLeft(rest, space), token); !ok {
			return "", false
		}
	}
	return text, true
}

const space = " \t\r\n"

// What an answer has before its text, and after it.
var (
	beforeText = []string{
		"<methodResponse>", "<params>", "<param>", "<value>", "<array>", "<data>",
		"<value>", "<boolean>1</boolean>", "</value>", "<value>", "<string>",
	}
	afterText = []string{"</string>", "</value>", "</data>", "</array>", "</value>", "</param>", "</params>", "</methodResponse>"}
)
