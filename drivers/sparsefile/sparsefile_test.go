package sparsefile

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/iotest"
)

func TestWriteKeepsContent(t *testing.T) {
	t.Parallel()
	content := append(append(bytes.Repeat([]byte{0}, 3*block), []byte("middle")...), bytes.Repeat([]byte{0}, 2*block+7)...)
	for name, r := range map[string]io.Reader{
		"whole blocks": bytes.NewReader(content),
		"odd reads":    iotest.HalfReader(bytes.NewReader(content)),
		"late end":     iotest.DataErrReader(bytes.NewReader(content)),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "image")
			n, err := Write(path, r)
			if err != nil || n != int64(len(content)) {
				t.Fatalf("Write = %d, %v; want %d, nil", n, err, len(content))
			}
			got, err := os.ReadFile(path)
			if err != nil || !bytes.Equal(got, content) {
				t.Fatalf("content differs (%d bytes, err %v)", len(got), err)
			}
		})
	}
}

func TestWriteLeavesHoles(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "image")
	if _, err := Write(path, io.LimitReader(zeroReader{}, 64<<20)); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Size() != 64<<20 {
		t.Errorf("size %d, want 64 MiB", info.Size())
	}
	if taken := info.Sys().(*syscall.Stat_t).Blocks * 512; taken > 1<<20 {
		t.Errorf("a file of zeros takes %d bytes", taken)
	}
}

type zeroReader struct{}

func (zeroReader) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestWriteFailureKeepsOldContent(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "image")
	if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, cause := range []error{io.ErrUnexpectedEOF, errors.New("lost")} {
		r := io.MultiReader(strings.NewReader("half"), iotest.ErrReader(cause))
		if _, err := Write(path, r); !errors.Is(err, cause) {
			t.Errorf("Write = %v, want %v", err, cause)
		}
	}
	if got, _ := os.ReadFile(path); string(got) != "old" {
		t.Errorf("content %q, want the old one", got)
	}
	if left, _ := os.ReadDir(dir); len(left) != 1 {
		t.Errorf("files left: %v", left)
	}
}

func TestWriteReplacesHalfMadeFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "image")
	if err := os.WriteFile(path+Part, []byte("much longer than the new content"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Write(path, strings.NewReader("new")); err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(path); string(got) != "new" {
		t.Errorf("content %q, want new", got)
	}
	if _, err := os.Stat(path + Part); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("half-made file is still there: %v", err)
	}
}
