package client

import (
	"strings"
	"testing"

	"github.com/kolo/xmlrpc"
	"pgregory.net/rapid"
)

// TestPlainCallsAreReadAsTheLibrarys: what is written here says what the library says.
func TestPlainCallsAreReadAsTheLibrarys(t *testing.T) {
	t.Parallel()
	for _, args := range [][]any{
		{"oneadmin:x", 1, int64(1) << 40, true, false, -1},
		{"a <b> & 'c' \"d\"\r\n\té", ""},
		{strings.Repeat("QUJD", 1000), "QUJD\nQUJD"},
		{},
	} {
		body, ok := plainCall("one.vm.info", args)
		if !ok {
			t.Fatalf("%q is not taken", args)
		}
		got := strings.ReplaceAll(string(body), "><", "> <")
		library, err := xmlrpc.EncodeMethodCall("one.vm.info", args...)
		if err != nil {
			t.Fatal(err)
		}
		want := strings.ReplaceAll(string(library), "><", "> <")
		if words(got) != words(want) {
			t.Errorf("%q:\ngot  %s\nwant %s", args, got, want)
		}
	}
	if _, ok := plainCall("one.x", []any{[]int{1}}); ok {
		t.Error("a list is taken")
	}
}

// words is a document without the space between its elements.
func words(document string) string {
	_, document, _ = strings.Cut(document, "?>")
	return strings.Join(strings.Fields(strings.ReplaceAll(document, "> <", "><")), " ")
}

// TestPlainAnswersAreReadAsTheLibrarys: whatever is taken here the library reads
// alike.
func TestPlainAnswersAreReadAsTheLibrarys(t *testing.T) {
	t.Parallel()
	tokens := []string{
		`<?xml version="1.0" ?>`, "<methodResponse>", "<params>", "<param>", "<value>", "<array>", "<data>", "<boolean>1</boolean>", "<boolean>0</boolean>", "1",
		"</value>", "<string>", "QUJD", "a\nb", "&lt;", "\r\n", " ", "</string>", "</data>", "</array>", "</param>", "</params>",
		"</methodResponse>", "<i4>", "</i4>", "<!-- x -->",
	}
	whole := `<?xml version="1.0" ?>|<methodResponse>|<params>|<param>|<value>|<array>|<data>|<value>|<boolean>1</boolean>|</value>|` +
		`<value>|<string>|QUJD|</string>|</value>|</data>|</array>|</value>|</param>|</params>|</methodResponse>`
	if text, ok := plainAnswer([]byte(strings.ReplaceAll(whole, "|", "\n"))); !ok || text != "\nQUJD\n" {
		t.Fatalf("a whole answer is %q, %v", text, ok)
	}
	c := &Client{}
	rapid.Check(t, func(t *rapid.T) {
		parts := strings.Split(whole, "|")
		for range rapid.IntRange(0, 3).Draw(t, "changes") {
			i := rapid.IntRange(0, len(parts)-1).Draw(t, "where")
			parts[i] = rapid.SampledFrom(append(tokens, "", parts[i]+" ")).Draw(t, "what")
		}
		body := []byte(strings.Join(parts, ""))
		text, ok := plainAnswer(body)
		if !ok {
			return
		}
		if got, err := c.decodeByLibrary("x", body); err != nil || got.Text != text {
			t.Fatalf("%s is taken for %q; the library says %q, %v", body, text, got.Text, err)
		}
	})
}
