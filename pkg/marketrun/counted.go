package marketrun

import (
	"io"

	"github.com/renkei-vpe/renkei/pkg/engine"
)

// counted reports how much was read.
type counted struct {
	r           io.Reader
	done, total int64
	report      func(engine.Progress)
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.done += int64(n)
	c.report(engine.Progress{Done: c.done, Total: c.total})
	return n, err
}
