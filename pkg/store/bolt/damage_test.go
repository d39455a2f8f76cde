package bolt

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	bolt "go.etcd.io/bbolt"

	"github.com/renkei-vpe/renkei/pkg/store"
)

// fileOfRows makes a file with several pages and returns its bytes.
func fileOfRows(t *testing.T) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "db")
	s, err := openStore(path)
	if err != nil {
		t.Fatal(err)
	}
	err = s.Update(t.Context(), func(tx *store.Tx) error {
		for id := range 200 {
			items.Put(tx, store.ID(id), &item{Name: strings.Repeat("text", 50)})
		}
		return nil
	})
	if err := errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// tryOpen opens a file with these bytes and reads all of it. If that succeeds, it must have
// want rows.
func tryOpen(t *testing.T, text []byte, want int) error {
	t.Helper()
	path := filepath.Join(t.TempDir(), "db")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	log, err := Open(path)
	if err != nil {
		return err
	}
	s, err := store.Open(store.Options{Log: log, Tables: []store.AnyTable{items, others}})
	if err != nil {
		return errors.Join(err, log.Close())
	}
	if n := items.Len(s.Read()); n != want {
		t.Errorf("a damaged file was opened with %d rows, want %d", n, want)
	}
	return s.Close()
}

func TestChangedByteIsNoticed(t *testing.T) {
	t.Parallel()
	text := fileOfRows(t)
	at := bytes.LastIndex(text, []byte("texttext"))
	text[at] ^= 1
	if err := tryOpen(t, text, 200); !errors.Is(err, ErrDamaged) {
		t.Errorf("the answer is %v, want %v", err, ErrDamaged)
	}
}

// TestShortenedFileIsAnError truncates the file everywhere.
func TestShortenedFileIsAnError(t *testing.T) {
	t.Parallel()
	text := fileOfRows(t)
	refused := 0
	for size := 1; size < len(text); size += 4093 {
		if err := tryOpen(t, text[:size], 200); err != nil {
			refused++
		}
	}
	if refused == 0 {
		t.Error("every part of the file was taken for the whole")
	}
}

// TestGarbledPagesNeverCrash overwrites one page after the other. The first two pages are the
// meta pages of the last two transactions; if one is damaged, bbolt uses the other.
func TestGarbledPagesNeverCrash(t *testing.T) {
	t.Parallel()
	text := fileOfRows(t)
	for page := 0; page+4096 <= len(text); page += 4096 {
		for _, with := range []byte{0, 0xff, 0x5a} {
			garbled := bytes.Clone(text)
			copy(garbled[page:], bytes.Repeat([]byte{with}, 4096))
			if page == newestMeta(text)*4096 {
				continue // equal to the file after a crash during the last write
			}
			if err := tryOpen(t, garbled, 200); err != nil && !errors.Is(err, ErrDamaged) {
				t.Errorf("page %d full of %#x: %v", page/4096, with, err)
			}
		}
	}
}

// newestMeta is the meta page, 0 or 1, of the last transaction.
func newestMeta(text []byte) int {
	const txid = 16 + 48 // page header, then eight fields of bbolt's meta
	if binary.LittleEndian.Uint64(text[txid:]) > binary.LittleEndian.Uint64(text[4096+txid:]) {
		return 0
	}
	return 1
}

func TestFileOfAnotherProgramIsRefused(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "db")
	db, err := bolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bolt.Tx) error { _, err := tx.CreateBucket([]byte("theirs")); return err })
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path); !errors.Is(err, ErrDamaged) || !strings.Contains(fmt.Sprint(err), "another program") {
		t.Errorf("the answer is %v", err)
	}
}
