package xmlrpc

import (
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// TestFirstBad compares with a loop over single bytes.
func TestFirstBad(t *testing.T) {
	t.Parallel()
	slow := func(data []byte) int {
		for i := 0; i < len(data); {
			r, width := utf8.DecodeRune(data[i:])
			if r == utf8.RuneError && width == 1 || !allowed(r) {
				return i
			}
			i += width
		}
		return len(data)
	}
	pieces := []string{"plain", "\n", "\t", "é", "\x1f", "\x7f", "\x00", "\xff", "\xe2\x82", "\uffff", "12345678", "~", " "}
	rapid.Check(t, func(t *rapid.T) {
		var data []byte
		for _, piece := range rapid.SliceOf(rapid.SampledFrom(pieces)).Draw(t, "pieces") {
			data = append(data, piece...)
		}
		if got, want := firstBad(data), slow(data); got != want {
			t.Fatalf("firstBad(%q) = %d, want %d", data, got, want)
		}
	})
}
