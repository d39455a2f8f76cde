package bolt

import (
	"iter"
	"path/filepath"
	"testing"

	"github.com/renkei-vpe/renkei/pkg/store"
)

// Pages that were dropped are read again when a commit or a load needs them.
func TestForgottenPagesAreReadAgain(t *testing.T) {
	t.Parallel()
	l, err := Open(filepath.Join(t.TempDir(), "db"))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	value := make([]byte, 5000)
	for i := range 2 * forgetEvery / 512 {
		var batch []store.Write
		for k := range 100 {
			batch = append(batch, store.Write{Table: "t", Key: []byte{byte(i), byte(k)}, Value: value})
		}
		if err := l.Append(batch); err != nil {
			t.Fatal(err)
		}
		l.forget()
	}
	n := 0
	err = l.Load(func(_ string, rows iter.Seq2[[]byte, []byte]) error {
		for _, v := range rows {
			if len(v) == len(value) {
				n++
			}
		}
		return nil
	})
	if want := 100 * (2 * forgetEvery / 512); n != want || err != nil {
		t.Errorf("%d rows are there, %v; want %d", n, err, want)
	}
}
