package fs

import (
	"context"
	"errors"
	"io"
	"os"

	"github.com/renkei-vpe/renkei/drivers"
)

var _ drivers.ImageExporter = (*Store)(nil)

// Export implements drivers.ImageExporter. The format is detected; a qcow2 image with a backing
// file is refused.
func (s *Store) Export(ctx context.Context, ds drivers.Datastore, from drivers.Stored) (io.ReadCloser, drivers.Stored, error) {
	if err := confine(ds, from.Source); err != nil {
		return nil, from, err
	}
	f, err := os.Open(from.Source)
	if err != nil {
		return nil, from, err
	}
	head, err := treatment{verbatim: ds.Attrs.Get("TYPE") == "FILE_DS"}.probeFile(f)
	if err != nil {
		return nil, from, errors.Join(err, f.Close())
	}
	from.Format = head.Format
	return exported{&reading{ctx: ctx, r: f}, f}, from, nil
}

// exported is a reader that ends with its context.
type exported struct {
	io.Reader
	io.Closer
}
