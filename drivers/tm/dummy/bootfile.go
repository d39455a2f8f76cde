package dummy

import (
	"context"

	"github.com/renkei-vpe/renkei/drivers"
)

var _ drivers.BootFiler = (*Transfer)(nil)

// BootFile implements drivers.BootFiler.
func (t *Transfer) BootFile(ctx context.Context, h drivers.Host, source, path string) error {
	return t.put(ctx, "clone", h, path, source)
}
