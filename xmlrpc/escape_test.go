package xmlrpc

import (
	"encoding/xml"
	"testing"

	"pgregory.net/rapid"
)

func TestAppendEscaped(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                       "",
		"plain":                  "plain",
		"<a b=\"c\">&'</a>":      "&lt;a b=\"c\"&gt;&amp;'&lt;/a&gt;",
		"a\r\nb\tc":              "a&#x0D;\nb\tc",
		"a\x00b\x1fc\x7f":        "a\uFFFDb\uFFFDc\x7f",
		"é€😀":                    "é€😀",
		"a\xffb\xe2\x82":         "a\uFFFDb\uFFFD\uFFFD",
		"\xed\xa0\x80 surrogate": "\uFFFD\uFFFD\uFFFD surrogate",
		"\uFFFE\uFFFF\uFFFD":     "\uFFFD\uFFFD\uFFFD",
	} {
		if got := string(AppendEscaped([]byte("x"), in)); got != "x"+want {
			t.Errorf("%q: got %q, want %q", in, got, "x"+want)
		}
		if got := string(AppendEscaped(nil, []byte(in))); got != want {
			t.Errorf("%q as bytes: got %q, want %q", in, got, want)
		}
	}
}

// TestEscapedIsRead compares with the decoder of the standard library.
func TestEscapedIsRead(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := rapid.String().Draw(t, "text")
		doc := append(AppendEscaped([]byte("<a>"), in), "</a>"...)
		var got struct {
			Text string `xml:",chardata"`
		}
		if err := xml.Unmarshal(doc, &got); err != nil {
			t.Fatalf("%q: %v", doc, err)
		}
		want := []rune(in)
		for i, r := range want {
			if !allowed(r) {
				want[i] = 0xFFFD
			}
		}
		if got.Text != string(want) {
			t.Fatalf("got %q, want %q", got.Text, string(want))
		}
	})
}
