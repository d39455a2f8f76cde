package transfer

import (
	"bytes"
	"encoding/base64"
	"os"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

func newDepot(t testing.TB) *Depot {
	t.Helper()
	return &Depot{Dir: t.TempDir() + "/transfers", Chunk: 100}
}

// send uploads chunks into the file of a session.
func send(t *testing.T, d *Depot, name string, size int64, chunks ...string) error {
	t.Helper()
	if err := d.Create(name); err != nil {
		t.Fatal(err)
	}
	for _, c := range chunks {
		if err := d.Append(name, c, size); err != nil {
			return err
		}
	}
	return nil
}

func TestUploadAndDownload(t *testing.T) {
	t.Parallel()
	d := newDepot(t)
	data := bytes.Repeat([]byte("0123456789abc"), 77)
	if err := send(t, d, "s", int64(len(data)), lines(data[:500]), lines(data[500:])); err != nil {
		t.Fatal(err)
	}
	var got []byte
	for {
		text, err := d.Read(d.Path("s"), int64(len(got)))
		if err != nil {
			t.Fatal(err)
		}
		if len(text) == 0 {
			break
		}
		part, err := base64.StdEncoding.DecodeString(string(text))
		if err != nil || len(part) > d.Chunk {
			t.Fatalf("a chunk of %d bytes, %v; want no more than %d", len(part), err, d.Chunk)
		}
		got = append(got, part...)
	}
	if !bytes.Equal(got, data) {
		t.Errorf("downloaded %d bytes, not the %d that were uploaded", len(got), len(data))
	}
}

// lines is base64 as Ruby writes it.
func lines(data []byte) string {
	text, _ := encode(bytes.NewReader(data), int64(len(data)))
	return string(text)
}

func TestRefusedChunksAreNotWritten(t *testing.T) {
	t.Parallel()
	d := newDepot(t)
	for name, c := range map[string]struct{ chunk, want string }{
		"more than announced": {"aGVsbG8h", "Transfer failed: File size is not same."},
		"no base64":           {"aGV*", "Transfer failed: Data is not base64."},
	} {
		err := send(t, d, name, 10, "aGVsbG8=", c.chunk)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
		if size, _ := d.Size(d.Path(name)); size != 5 {
			t.Errorf("%s: the file has %d bytes; want 5 as before", name, size)
		}
	}
}

func TestConcurrentChunksAreNotMixed(t *testing.T) {
	t.Parallel()
	d := newDepot(t)
	const chunks, size = 8, 100_000
	if err := send(t, d, "s", chunks*size); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for i := range chunks {
		all.Go(func() {
			if err := d.Append("s", lines(bytes.Repeat([]byte{'a' + byte(i)}, size)), chunks*size); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	got, err := os.ReadFile(d.Path("s"))
	if err != nil || len(got) != chunks*size {
		t.Fatalf("%d bytes, %v", len(got), err)
	}
	for i := range chunks {
		part := got[i*size : (i+1)*size]
		if !bytes.Equal(part, bytes.Repeat(part[:1], size)) {
			t.Errorf("chunk %d is mixed with another", i)
		}
	}
}

func TestNamesStayInTheFolder(t *testing.T) {
	t.Parallel()
	d := newDepot(t)
	for _, name := range []string{"../../etc/passwd", "/etc/passwd", "a/../../b"} {
		if path := d.Path(name); !strings.HasPrefix(path, d.Dir+"/") || strings.Contains(path[len(d.Dir)+1:], "/") {
			t.Errorf("%q is at %s", name, path)
		}
	}
	secret := t.TempDir() + "/secret"
	if err := os.WriteFile(secret, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	link := t.TempDir() + "/link"
	if err := os.Symlink(secret, link); err != nil {
		t.Fatal(err)
	}
	if text, err := d.Read(link, 0); err == nil {
		t.Errorf("a link was followed: %q", text)
	}
	if _, err := d.Read(secret, -1); err == nil {
		t.Error("an offset below 0 was taken")
	}
}

// TestBase64 compares the codec with the standard library's, for any line breaks and chunk
// sizes.
func TestBase64(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		data := rapid.SliceOfN(rapid.Byte(), 0, 400).Draw(t, "data")
		width := rapid.IntRange(1, 80).Draw(t, "width")
		end := rapid.SampledFrom([]string{"\n", "\r\n", " \n", "\n\n"}).Draw(t, "end")
		text := base64.StdEncoding.EncodeToString(data)
		if rapid.Bool().Draw(t, "unpadded") {
			text = strings.TrimRight(text, "=")
		}
		var broken strings.Builder
		for i := 0; i < len(text); i += width {
			broken.WriteString(text[i:min(i+width, len(text))] + end)
		}
		var got bytes.Buffer
		if err := decode(&got, broken.String(), int64(len(data))); err != nil || !bytes.Equal(got.Bytes(), data) {
			t.Fatalf("decode(%q) = %q, %v; want %q", broken.String(), got.Bytes(), err, data)
		}
		encoded := lines(data)
		if strings.ReplaceAll(encoded, "\n", "") != base64.StdEncoding.EncodeToString(data) {
			t.Fatalf("encode(%q) = %q", data, encoded)
		}
		for line := range strings.Lines(encoded) {
			if len(line) > lineText+1 || !strings.HasSuffix(line, "\n") {
				t.Fatalf("encode(%q) has the line %q", data, line)
			}
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	data := make([]byte, 4<<20)
	text := lines(data)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if err := decode(discard{}, text, int64(len(data))); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEncode(b *testing.B) {
	data := make([]byte, 4<<20)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		lines(data)
	}
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }
