package marketrun

import (
	"io"

	"github.com/renkei-vpe/renkei/pkg/engine"
)

// progressReader reports how many bytes have been read from r.
type progressReader struct {
	r           io.Reader
	done, total int64
	report      func(engine.Progress)
}

func (c *progressReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.done += int64(n)
	c.report(engine.Progress{Done: c.done, Total: c.total})
	return n, err
}
