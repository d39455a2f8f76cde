package vmrun

import (
	"context"
	"fmt"

	"github.com/renkei-vpe/renkei/pkg/image"
)

// saveAs copies a disk into the place of a new image.
func (j *job) saveAs(ctx context.Context) error      { return j.saveAsAt(ctx, j.here) }
func (j *job) saveAsFront(ctx context.Context) error { return j.saveAsAt(ctx, j.front) }

func (j *job) saveAsAt(ctx context.Context, p place) error {
	d, _, err := j.theDisk()
	if err != nil {
		return err
	}
	id, err := j.number("IMAGE_ID")
	if err != nil {
		return err
	}
	img, err := image.Kind.Get(j.Store.Read(), id)
	if err != nil {
		return err
	}
	if img.Source == "" {
		return fmt.Errorf("image %d has no place to be saved to", id)
	}
	tm, err := j.transferOf(p, d)
	if err != nil {
		return err
	}
	return tm.SaveAs(ctx, p.host, p.disk(d), img.Source)
}
