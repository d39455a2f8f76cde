package xmlrpc

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"math"
	"net/http"
	"strconv"
	"strings"
	"testing"
)

func itoa(n int) string { return strconv.Itoa(n) }

func repeat(chunk []byte, n int) [][]byte {
	chunks := make([][]byte, n)
	for i := range chunks {
		chunks[i] = chunk
	}
	return chunks
}

func handleValue(v any) Handler {
	return func(context.Context, *Call) (any, error) { return v, nil }
}

// TestTextIsAString: a Text in chunks of any size is sent like a string with the same content.
func TestTextIsAString(t *testing.T) {
	t.Parallel()
	plainText := strings.Repeat("0123456789abcde&", 3*blockBytes/16)
	for _, size := range []int{0, 1, 4000, blockBytes - 300, blockBytes, 3 * blockBytes} {
		for _, chunk := range []int{1000, blockBytes - 1, blockBytes, blockBytes + 1, 2*blockBytes + 7} {
			s := plainText[:size]
			text := Text{Chunks: escapedChunks(s, chunk)}
			want, err := MarshalResponse([]any{true, s, 0})
			if err != nil {
				t.Fatal(err)
			}
			got, err := MarshalResponse([]any{true, text, 0})
			if err != nil || !bytes.Equal(got, want) {
				t.Fatalf("%d bytes in chunks of %d: marshalled otherwise than the string; %v", size, chunk, err)
			}
			r := New()
			if err := r.Add(Method{Name: "m", Handle: handleValue([]any{true, text, 0})}); err != nil {
				t.Fatal(err)
			}
			resp, body := post(t, client(t), "http://"+start(t, &Server{Registry: r})+DefaultPath, mustCall(t, "m"))
			if body != string(want) || resp.ContentLength != int64(len(want)) {
				t.Fatalf("%d bytes in chunks of %d: sent otherwise than the string, length %d of %d", size, chunk, resp.ContentLength, len(want))
			}
		}
	}
}

// escapedChunks escapes a text and cuts it into chunks.
func escapedChunks(s string, size int) [][]byte {
	var chunks [][]byte
	escaped := AppendEscaped(nil, s)
	for len(escaped) > 0 {
		n := min(size, len(escaped))
		chunks = append(chunks, escaped[:n])
		escaped = escaped[n:]
	}
	return chunks
}

func TestCompression(t *testing.T) {
	t.Parallel()
	r := New()
	big := Text{Chunks: repeat([]byte("0123456789"), 100_000)}
	if err := r.Add(Method{Name: "big", Handle: handleValue(big)}, Method{Name: "small", Handle: handleValue("a")}); err != nil {
		t.Fatal(err)
	}
	want, err := MarshalResponse(big)
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		compress Compression
		accept   string
		method   string
		gzipped  bool
	}{
		"asked":              {Compression{Loopback: true}, "deflate, gzip;q=0.8", "big", true},
		"not asked":          {Compression{Loopback: true}, "", "big", false},
		"forbidden":          {Compression{Loopback: true}, "gzip;q=0", "big", false},
		"small":              {Compression{Loopback: true}, "gzip", "small", false},
		"small, but allowed": {Compression{Loopback: true, MinBytes: 1}, "gzip", "small", true},
		"on this machine":    {Compression{}, "gzip", "big", false},
		"switched off":       {Compression{Loopback: true, Off: true}, "gzip", "big", false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := "http://" + start(t, &Server{Registry: r, Compress: tt.compress}) + DefaultPath
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(mustCall(t, tt.method)))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Accept-Encoding", tt.accept)
			resp, err := client(t).Do(req)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			body := io.Reader(resp.Body)
			if gzipped := resp.Header.Get("Content-Encoding") == "gzip"; gzipped != tt.gzipped {
				t.Fatalf("compressed: got %t, want %t", gzipped, tt.gzipped)
			} else if gzipped {
				if body, err = gzip.NewReader(body); err != nil {
					t.Fatal(err)
				}
			}
			got, err := io.ReadAll(body)
			if err != nil || tt.method == "big" && !bytes.Equal(got, want) {
				t.Errorf("got %d bytes, want %d; %v", len(got), len(want), err)
			}
		})
	}
}

func TestEncodeRefuses(t *testing.T) {
	t.Parallel()
	for name, v := range map[string]any{
		"NaN": math.NaN(), "infinity": math.Inf(1), "uint": uint(1), "in an array": []any{uint(1)},
		"in a struct": Struct{{"a", uint(1)}}, "in a map": map[string]any{"a": uint(1)},
	} {
		if _, err := MarshalResponse(v); err == nil {
			t.Errorf("%s: no error from MarshalResponse", name)
		}
		if _, err := MarshalCall("m", v); err == nil {
			t.Errorf("%s: no error from MarshalCall", name)
		}
	}
}
