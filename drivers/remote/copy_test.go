package remote

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/renkei-vpe/renkei/drivers"
)

func TestPutAndGet(t *testing.T) {
	onBoth(t, func(t *testing.T, h drivers.Host) {
		r := newRunner(t, Config{})
		path := filepath.Join(t.TempDir(), "it's a file")
		content := append(make([]byte, 3<<20), "end"...)
		if err := r.Put(t.Context(), h, bytes.NewReader(content), path); err != nil {
			t.Fatal(err)
		}
		var got bytes.Buffer
		if err := r.Get(t.Context(), h, path, &got); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got.Bytes(), content) {
			t.Errorf("%d bytes came back, not the %d that were put", got.Len(), len(content))
		}
		back := path + ".back"
		if err := r.GetFile(t.Context(), h, path, back); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(back); err != nil || !bytes.Equal(got, content) {
			t.Errorf("GetFile gave %d bytes, %v", len(got), err)
		}
	})
}

func TestPutTakesZerosAtTheEnd(t *testing.T) {
	onBoth(t, func(t *testing.T, h drivers.Host) {
		r := newRunner(t, Config{})
		path := filepath.Join(t.TempDir(), "zeros")
		if err := r.Put(t.Context(), h, bytes.NewReader(make([]byte, 5<<20+17)), path); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(path); err != nil || info.Size() != 5<<20+17 {
			t.Errorf("file: %v, %v", info, err)
		}
	})
}

func TestPutFailureLeavesNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, h drivers.Host) {
		r := newRunner(t, Config{})
		dir := t.TempDir()
		lost := errors.New("the source is lost")
		half := io.MultiReader(strings.NewReader("half"), iotest.ErrReader(lost))
		if err := r.Put(t.Context(), h, half, filepath.Join(dir, "file")); !errors.Is(err, lost) {
			t.Errorf("Put = %v, want the reader's error", err)
		}
		if left, _ := os.ReadDir(dir); len(left) > 0 {
			t.Errorf("files left: %v", left)
		}
	})
}

func TestPutIntoNowhere(t *testing.T) {
	onBoth(t, func(t *testing.T, h drivers.Host) {
		r := newRunner(t, Config{})
		path := filepath.Join(t.TempDir(), "missing", "file")
		err := r.Put(t.Context(), h, strings.NewReader("x"), path)
		if err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("Put = %v, want an error that names %s", err, path)
		}
	})
}

func TestGetFileOfNothingKeepsTarget(t *testing.T) {
	onBoth(t, func(t *testing.T, h drivers.Host) {
		r := newRunner(t, Config{})
		dir := t.TempDir()
		err := r.GetFile(t.Context(), h, filepath.Join(dir, "absent"), filepath.Join(dir, "copy"))
		if err == nil || !strings.Contains(err.Error(), "absent") {
			t.Errorf("GetFile = %v, want an error about absent", err)
		}
		if left, _ := os.ReadDir(dir); len(left) > 0 {
			t.Errorf("files left: %v", left)
		}
	})
}

func TestPutEndsWithContext(t *testing.T) {
	onBoth(t, func(t *testing.T, h drivers.Host) {
		r := newRunner(t, Config{})
		dir := t.TempDir()
		ctx, cancel := context.WithCancel(t.Context())
		endless := readerFunc(func(p []byte) (int, error) { cancel(); return len(p), nil })
		if err := r.Put(ctx, h, endless, filepath.Join(dir, "file")); !errors.Is(err, context.Canceled) {
			t.Errorf("Put = %v, want context.Canceled", err)
		}
		if left, _ := os.ReadDir(dir); len(left) > 0 {
			t.Errorf("files left: %v", left)
		}
	})
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }
