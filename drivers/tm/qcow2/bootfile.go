package qcow2

import (
	"context"
	"fmt"
	"os"

	"github.com/renkei-vpe/renkei/drivers"
)

var _ drivers.BootFiler = (*Transfer)(nil)

// BootFile implements drivers.BootFiler.
func (t *Transfer) BootFile(ctx context.Context, h drivers.Host, source, path string) error {
	if err := t.below(source); err != nil {
		return err
	}
	if _, err := os.Stat(source); err != nil {
		return fmt.Errorf("bringing a file to boot from: %w", err)
	}
	return t.make(ctx, h, path, func(tmp string) error {
		if h.Local {
			_, err := t.runner.Command(ctx, h, "cp", "--", source, tmp)
			return err
		}
		return t.runner.PutFile(ctx, h, source, tmp)
	})
}
