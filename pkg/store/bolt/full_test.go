package bolt

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/renkei-vpe/renkei/pkg/store"
)

// fullFile is an environment variable: the file that a child process fills.
const fullFile = "RENKEI_TEST_FULL_FILE"

// fillUp writes until the file reaches its size limit, then raises the limit and continues. It
// returns an error if something is wrong.
func fillUp(path string) error {
	signal.Ignore(syscall.SIGXFSZ)
	s, err := openStore(path)
	if err != nil {
		return err
	}
	defer s.Close()
	put := func(id int) error {
		return s.Update(context.Background(), func(tx *store.Tx) error {
			items.Put(tx, store.ID(id), &item{Name: strings.Repeat("x", 10_000)})
			return nil
		})
	}
	if err := put(0); err != nil {
		return err
	}
	var old syscall.Rlimit
	if err := errors.Join(syscall.Getrlimit(syscall.RLIMIT_FSIZE, &old), limit(256<<10, old.Max)); err != nil {
		return err
	}
	n := 1
	for ; n < 1000; n++ {
		if err = put(n); err != nil {
			break
		}
	}
	if err == nil || !strings.Contains(err.Error(), syscall.EFBIG.Error()) { // bbolt does not wrap it
		return fmt.Errorf("the full disk is answered with %v", err)
	}
	if got := items.Len(s.Read()); got != n {
		return fmt.Errorf("%d rows are shown, %d were answered", got, n)
	}
	if err := limit(old.Cur, old.Max); err != nil {
		return err
	}
	return put(n)
}

func limit(bytes, most uint64) error {
	return syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: bytes, Max: most})
}

// TestFullDiskIsSurvived: a child process hits a file size limit, which is like a full disk.
// After the limit was raised, it can write again, and nothing is lost.
func TestFullDiskIsSurvived(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "db")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), self)
	c.Env = append(os.Environ(), fullFile+"="+path)
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	s, err := openStore(path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	n := items.Len(s.Read())
	for id := range n {
		if _, ok := items.Get(s.Read(), store.ID(id)); !ok {
			t.Errorf("row %d of %d is missing", id, n)
		}
	}
	if n < 5 {
		t.Errorf("only %d rows are there", n)
	}
}
