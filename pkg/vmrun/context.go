package vmrun

import (
	"context"
	"slices"

	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/drivers/contextcd"
	"github.com/renkei-vpe/renkei/pkg/attr"
)

// context makes the CD by which the guest learns who it is.
func (j *job) context(ctx context.Context) error {
	c := j.vm.Template.Vector("CONTEXT")
	if c == nil {
		return nil
	}
	id, _ := c.Int("DISK_ID")
	disk := drivers.Disk{ID: id, Attrs: *c, Path: j.here.diskPath(id)}
	return j.here.tm.Context(ctx, j.here.host, disk, contextFiles(c))
}

// updateConf gives a running guest a new context. Guests look for it when the
// medium changes, where the driver can do that; others see it at the next boot.
func (j *job) updateConf(ctx context.Context) error { return j.context(ctx) }

// notForGuests are attributes of CONTEXT that say how the CD is made.
var notForGuests = []string{"DISK_ID", "TARGET", "DRIVER", "FILES", "FILES_DS", "INIT_SCRIPTS"}

func contextFiles(c *attr.Attr) []drivers.File {
	var vars []attr.Pair
	for _, pair := range c.Vector {
		if !slices.Contains(notForGuests, pair.Key) {
			vars = append(vars, pair)
		}
	}
	return []drivers.File{{Name: "context.sh", Data: contextcd.ContextSH(vars)}}
}
