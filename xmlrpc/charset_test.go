package xmlrpc

import (
	"testing"
	"unicode/utf16"
)

func TestCharsets(t *testing.T) {
	t.Parallel()
	doc := func(encoding, text string) string {
		return `<?xml version="1.0" encoding="` + encoding + `"?>` + callWith("<value>"+text+"</value>")
	}
	tests := map[string]struct{ in, want string }{
		"UTF-8":             {doc("UTF-8", "é€😀"), "é€😀"},
		"utf-8":             {doc("utf-8", "é"), "é"},
		"none":              {callWith("<value>é</value>"), "é"},
		"no encoding":       {`<?xml version='1.0' standalone='yes' ?>` + callWith("<value>é</value>"), "é"},
		"UTF-8 with a mark": {"\xEF\xBB\xBF" + doc("UTF-8", "é"), "é"},
		"ISO-8859-1":        {doc("ISO-8859-1", "\xe9\x80"), "é\u0080"},
		"iso-8859-1":        {doc("iso-8859-1", "a"), "a"},
		"US-ASCII":          {doc("US-ASCII", "a&#233;"), "aé"},
		"windows-1252":      {doc("windows-1252", "\xe9\x80\x9f"), "é€Ÿ"},
		"UTF-16 BE":         {inUTF16(doc("UTF-16", "é😀"), false), "é😀"},
		"UTF-16 LE":         {inUTF16(doc("UTF-16", "é😀"), true), "é😀"},
	}
	// In UTF-16 the declaration names an encoding that the text, once it is
	// converted, is no longer in.
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, args, err := UnmarshalCall([]byte(tt.in), Limits{})
			if err != nil {
				t.Fatal(err)
			}
			if got := args[0]; got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestCharsetsRefused(t *testing.T) {
	t.Parallel()
	for name, in := range map[string]string{
		"half a character":   "\xFF\xFE<",
		"half a surrogate":   "\xFF\xFE\x00\xD8",
		"surrogates turned":  "\xFF\xFE\x00\xDC\x00\xD8",
		"UTF-16 that is not": `<?xml version="1.0" encoding="UTF-16"?><methodCall/>`,
	} {
		if _, _, err := UnmarshalCall([]byte(in), Limits{}); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}

func inUTF16(s string, little bool) string {
	out := []byte{0xFE, 0xFF}
	if little {
		out = []byte{0xFF, 0xFE}
	}
	for _, u := range utf16.Encode([]rune(s)) {
		high, low := byte(u>>8), byte(u)
		if little {
			high, low = low, high
		}
		out = append(out, high, low)
	}
	return string(out)
}
