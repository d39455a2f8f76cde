package one

import (
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/store"
)

// count returns how many rows an index has under a text.
func count[T any](ix *store.Index[T], r store.Reader, text string) (n int) {
	for range ix.Find(r, text) {
		n++
	}
	return n
}

// decimal is how indexes write IDs.
func decimal(n int) string { return strconv.Itoa(n) }
