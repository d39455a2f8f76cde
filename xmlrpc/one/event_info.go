package one

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/xmlrpc"
	"github.com/renkei-vpe/renkei/xmlrpc/one/render"
)

// info is CALL_INFO: the arguments, the result, and the object that was made or deleted.
func (c *call) info(r store.Reader, answer xmlrpc.Array) []byte {
	var w render.Writer
	w.Open("CALL_INFO")
	w.Bool("RESULT", answer[0] == true)
	w.Open("PARAMETERS")
	for i, v := range c.wire.Args {
		parameter(&w, i+1, "IN", c.shown(i, plain(v)))
	}
	for i := range answer[:min(len(answer), 4)] {
		parameter(&w, i+1, "OUT", c.result(answer, i))
	}
	w.Close("PARAMETERS")
	w.Open("EXTRA")
	w = append(w, c.extra(r, answer)...)
	w.Close("EXTRA")
	w.Close("CALL_INFO")
	return w
}

// shown hides secret arguments: the session, and passwords.
func (c *call) shown(i int, value string) string {
	if i == 0 || i == c.method.secret {
		return "****"
	}
	return value
}

// result is a value of the answer. Unlike in oned, the token of one.user.login is not
// published.
func (c *call) result(answer xmlrpc.Array, i int) string {
	if b, ok := answer[i].(bool); ok {
		return strconv.FormatBool(b)
	}
	if i == 1 && c.method.name == "one.user.login" && answer[0] == true {
		return "****"
	}
	return plain(answer[i])
}

func parameter(w *render.Writer, position int, direction, value string) {
	w.Open("PARAMETER")
	w.Int("POSITION", int64(position))
	w.Text("TYPE", direction)
	w.Open("VALUE")
	*w = append(*w, inXML(value)...)
	w.Close("VALUE")
	w.Close("PARAMETER")
}

// inXML leaves text that is well-formed XML as it is, so that a template becomes a part of the
// document, as in oned; other text is escaped.
func inXML(s string) []byte {
	if strings.ContainsAny(s, "<&") && wellFormed(s) {
		return []byte(s)
	}
	return xmlrpc.AppendEscaped(nil, s)
}

// plain formats a value like oned's streams.
func plain(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case bool:
		if v {
			return "1"
		}
		return "0"
	case float64:
		return strconv.FormatFloat(v, 'g', 6, 64)
	case xmlrpc.Text:
		return unescaped(v)
	case string, int, int32, int64:
		return fmt.Sprint(v)
	}
	return "" // oned shows no arrays
}

// wellFormed reports whether text can be part of a document as it is: any sequence of
// elements and text.
func wellFormed(s string) bool {
	d := xml.NewDecoder(strings.NewReader("<x>" + s + "</x>"))
	depth, closed := 0, 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return closed == 1
		}
		if err != nil {
			return false
		}
		switch token.(type) {
		case xml.StartElement:
			depth++
		case xml.EndElement:
			if depth--; depth == 0 {
				closed++
			}
		case xml.ProcInst, xml.Directive:
			return false
		}
	}
}

// unescaped is the text of escaped chunks.
func unescaped(t xmlrpc.Text) string {
	var b strings.Builder
	for _, c := range t.Chunks {
		b.Write(c)
	}
	return entities.Replace(b.String())
}

var entities = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&quot;", `"`, "&apos;", "'", "&#x0D;", "\r", "&amp;", "&")
