package transfer

import (
	"encoding/base64"
	"encoding/binary"
	"io"

	"github.com/renkei-vpe/renkei/pkg/one"
)

// RENKEI-VPE's Ruby server breaks base64 into lines of 60 characters.
const (
	lineText  = 60
	lineBytes = 45
)

// blockLines is how many lines are encoded at a time: 45 KiB of data.
const blockLines = 1024

// decode writes the data of text, which may have at most limit bytes. White space is ignored,
// and padding may be missing.
func decode(w io.Writer, text string, limit int64) error {
	d := decoder{w: w, left: limit, out: make([]byte, blockLines*lineBytes)}
	for text != "" {
		if text = d.plain(text); d.n > len(d.out)-4 {
			if err := d.flush(); err != nil {
				return err
			}
			continue
		}
		var err error
		if text, err = d.odd(text); err != nil {
			return err
		}
	}
	return d.flush()
}

// decoder collects decoded data in a block: out[:n] is not written yet.
type decoder struct {
	w    io.Writer
	left int64
	out  []byte
	n    int
}

// plain decodes groups of four digits with line feeds between them, while there is room in the
// block; nearly all of a file is like that. Looking up each group in four tables is several
// times as fast as the standard library.
func (d *decoder) plain(text string) (rest string) {
	out, n, i := d.out, d.n, 0
	for i+4 <= len(text) && n <= len(out)-4 {
		v := digits[0][text[i]] | digits[1][text[i+1]] | digits[2][text[i+2]] | digits[3][text[i+3]]
		if v < noDigit {
			binary.BigEndian.PutUint32(out[n:], v<<8)
			i, n = i+4, n+3
		} else if text[i] == '\n' {
			i++
		} else {
			break
		}
	}
	d.n = n
	return text[i:]
}

// odd decodes one group that is not plain, as it contains white space or padding, or is the
// last one. It answers the remaining text.
func (d *decoder) odd(text string) (rest string, err error) {
	var group [4]byte
	n := 0
	for text != "" && n < len(group) {
		c := text[0]
		text = text[1:]
		if c != ' ' && (c < '\t' || c > '\r') {
			group[n], n = c, n+1
		}
	}
	if n == 0 {
		return text, nil
	}
	copy(group[n:], "====")
	m, err := base64.StdEncoding.Decode(d.out[d.n:], group[:])
	if err != nil {
		return text, one.Errorf(one.CodeRPC, "Transfer failed: Data is not base64.")
	}
	d.n += m
	return text, nil
}

func (d *decoder) flush() error {
	if d.left -= int64(d.n); d.left < 0 {
		return one.Errorf(one.CodeAction, "Transfer failed: File size is not same.")
	}
	_, err := d.w.Write(d.out[:d.n])
	d.n = 0
	return err
}

// noDigit marks characters that are not digits of base64.
const noDigit = 1 << 24

// digits has the value of each digit at each of the four positions.
var digits = func() (t [4][256]uint32) {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	for place := range t {
		for c := range t[place] {
			t[place][c] = noDigit
		}
		for value, c := range []byte(alphabet) {
			t[place][c] = uint32(value) << (18 - 6*place)
		}
	}
	return t
}()

// encode reads at most n bytes and encodes them as base64.
func encode(r io.Reader, n int64) ([]byte, error) {
	lines := (n + lineBytes - 1) / lineBytes
	text := make([]byte, 0, int64(base64.StdEncoding.EncodedLen(int(n)))+lines)
	block := make([]byte, min(n, blockLines*lineBytes))
	for n > 0 {
		got, err := io.ReadFull(r, block[:min(n, int64(len(block)))])
		for part := block[:got]; len(part) > 0; {
			m := min(lineBytes, len(part))
			text = append(base64.StdEncoding.AppendEncode(text, part[:m]), '\n')
			part = part[m:]
		}
		if err == io.EOF || err == io.ErrUnexpectedEOF { // the file has been truncated meanwhile
			return text, nil
		}
		if err != nil {
			return nil, err
		}
		n -= int64(got)
	}
	return text, nil
}
