package bolt

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/renkei-vpe/renkei/pkg/store"
)

// childFile is an environment variable: the file that a child process writes.
const childFile = "RENKEI_TEST_CHILD_FILE"

// crashWriters is the number of concurrent transactions.
const crashWriters = 16

// exitInUse is the exit status of a child if another process has the file open.
const exitInUse = 3

// child runs transactions until it is killed, and prints "writer number" for each one that has
// succeeded.
func child(path string) int {
	s, err := openStore(path)
	if errors.Is(err, ErrInUse) {
		return exitInUse
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	failed := make(chan error)
	for w := range crashWriters {
		go func() { failed <- writeOn(s, w) }()
	}
	fmt.Fprintln(os.Stderr, <-failed)
	return 1
}

// writeOn continues where writer w was stopped. Each transaction changes rows of two tables,
// and a row with the number.
func writeOn(s *store.Store, w int) error {
	for n := last(s, w) + 1; ; n++ {
		err := s.Update(context.Background(), func(tx *store.Tx) error {
			v := &item{Name: fmt.Sprint(n)}
			items.Put(tx, store.Pair(w, n), v)
			others.Put(tx, store.Pair(w, n), v)
			others.Put(tx, store.Pair(w, 0), v)
			return nil
		})
		if err != nil {
			return err
		}
		if _, err := fmt.Printf("%d %d\n", w, n); err != nil {
			return err
		}
	}
}

// last is the last stored transaction of a writer.
func last(s *store.Store, w int) (n int) {
	for row := range items.Of(s.Read(), w) {
		n = int(row.Key.B)
	}
	return n
}

// TestKilledProcessLosesNothing kills a writing process at random moments. Afterwards exactly
// the successful transactions are stored, and of each writer's current one everything or
// nothing.
func TestKilledProcessLosesNothing(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "db")
	var answered [crashWriters]int
	for round := range 10 {
		writeAndKill(t, path, rand.IntN(400), &answered)
		s, err := openStore(path)
		if err != nil {
			t.Fatalf("round %d: the file does not open: %v", round, err)
		}
		for w := range answered {
			n := last(s, w)
			if n < answered[w] || n > answered[w]+1 {
				t.Errorf("round %d: writer %d has %d transactions, %d were answered", round, w, n, answered[w])
			}
			checkWhole(t, s, w, n)
			answered[w] = n
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if answered == [crashWriters]int{} {
		t.Error("the child was killed before it wrote anything, every time")
	}
}

// checkWhole checks that the first n transactions of a writer are stored completely, and
// nothing else.
func checkWhole(t *testing.T, s *store.Store, w, n int) {
	t.Helper()
	if n == 0 {
		return
	}
	for i := 1; i <= n; i++ {
		a, inItems := items.Get(s.Read(), store.Pair(w, i))
		b, inOthers := others.Get(s.Read(), store.Pair(w, i))
		if !inItems || !inOthers || a.Name != fmt.Sprint(i) || b.Name != a.Name {
			t.Fatalf("transaction %d of writer %d is not whole", i, w)
		}
	}
	rows := 0
	for range others.Of(s.Read(), w) {
		rows++
	}
	count, _ := others.Get(s.Read(), store.Pair(w, 0))
	if rows != n+1 || count == nil || count.Name != fmt.Sprint(n) {
		t.Errorf("writer %d has %d rows and counts %v after %d transactions", w, rows, count, n)
	}
}

// writeAndKill runs a child, kills it after some transactions, and records those that
// succeeded.
func writeAndKill(t *testing.T, path string, after int, answered *[crashWriters]int) {
	t.Helper()
	c := childOn(t, path)
	c.Stderr = os.Stderr
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for i := 0; ; i++ {
		if i == after {
			c.Process.Kill()
		}
		if !lines.Scan() {
			break
		}
		var w, n int
		if _, err := fmt.Sscan(lines.Text(), &w, &n); err != nil {
			t.Fatalf("the child said %q", lines.Text())
		}
		answered[w] = max(answered[w], n)
	}
	io.Copy(io.Discard, out)
	var exit *exec.ExitError
	if err := c.Wait(); !errors.As(err, &exit) || exit.Exited() {
		t.Fatalf("the child ended by itself: %v", err)
	}
}

func childOn(t *testing.T, path string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), self)
	c.Env = append(os.Environ(), childFile+"="+path)
	return c
}

func TestSecondProcessIsRefused(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "db")
	s, err := openStore(path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var exit *exec.ExitError
	if err := childOn(t, path).Run(); !errors.As(err, &exit) || exit.ExitCode() != exitInUse {
		t.Errorf("the second process ended with %v, want exit code %d", err, exitInUse)
	}
	if _, err := Open(path); !errors.Is(err, ErrInUse) {
		t.Errorf("the same process is answered %v, want %v", err, ErrInUse)
	}
}
