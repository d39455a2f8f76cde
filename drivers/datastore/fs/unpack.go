package fs

import (
	"bufio"
	"bytes"
	"compress/bzip2"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/ulikunitz/xz"
)

// packings are the supported compressions, with their magic numbers.
var packings = []struct {
	mark string
	open func(io.Reader) (io.Reader, error)
}{
	{"\x1f\x8b", func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) }},
	{"BZh", func(r io.Reader) (io.Reader, error) { return bzip2.NewReader(r), nil }},
	{"\xfd7zXZ\x00", func(r io.Reader) (io.Reader, error) { return xz.NewReader(r) }},
	{"\x28\xb5\x2f\xfd", func(r io.Reader) (io.Reader, error) { return zstd.NewReader(r, zstd.WithDecoderConcurrency(1)) }},
}

// unpack answers the uncompressed content of r, and whether it was compressed.
func unpack(r io.Reader) (io.Reader, bool, error) {
	in := bufio.NewReaderSize(r, 1<<20)
	head, err := in.Peek(6)
	if err != nil && len(head) == 0 && err != io.EOF {
		return nil, false, err
	}
	for _, p := range packings {
		if bytes.HasPrefix(head, []byte(p.mark)) {
			out, err := p.open(in)
			return out, true, err
		}
	}
	return in, false, nil
}
