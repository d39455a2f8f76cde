package fs

import (
	"context"
	"fmt"
	"os"
	"syscall"

	"github.com/renkei-vpe/renkei/drivers"
)

// Capacity answers the size and free space of the datastore's file system. LIMIT_MB limits
// both, as in OpenNebula.
func (s *Store) Capacity(_ context.Context, ds drivers.Datastore) (drivers.Usage, error) {
	if err := os.MkdirAll(ds.Path, 0o777); err != nil {
		return drivers.Usage{}, fmt.Errorf("making the folder of datastore %d: %w", ds.ID, err)
	}
	var fs syscall.Statfs_t
	if err := syscall.Statfs(ds.Path, &fs); err != nil {
		return drivers.Usage{}, fmt.Errorf("measuring datastore %d: %w", ds.ID, err)
	}
	mib := func(blocks uint64) int64 { return int64(blocks * uint64(fs.Bsize) >> 20) }
	u := drivers.Usage{TotalMiB: mib(fs.Blocks), UsedMiB: mib(fs.Blocks - fs.Bfree), FreeMiB: mib(fs.Bavail)}
	if limit, ok := ds.Attrs.Int("LIMIT_MB"); ok {
		u.TotalMiB = min(u.TotalMiB, int64(limit))
		u.FreeMiB = max(0, min(u.FreeMiB, int64(limit)-u.UsedMiB))
	}
	return u, nil
}
