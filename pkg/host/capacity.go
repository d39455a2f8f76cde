package host

import (
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Capacity is what a VM takes of a host.
type Capacity struct {
	CPU       int // 100 per CPU
	MemoryKiB int64
	DiskMiB   int64 // of a system datastore that is local to the host
}

// Take gives a VM its part of a host. Whether it fits was decided before: an
// administrator may put more on a host than it has.
func Take(tx *store.Tx, id int, c Capacity) error {
	h, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	h.Share.add(c, 1)
	Kind.Put(tx, h)
	return nil
}

// Give takes the part of a VM back. A host that is gone had nothing to get.
func Give(tx *store.Tx, id int, c Capacity) {
	h, err := Kind.Edit(tx, id)
	if err != nil {
		return
	}
	h.Share.add(c, -1)
	Kind.Put(tx, h)
}

func (s *Share) add(c Capacity, sign int) {
	s.CPUUsage += sign * c.CPU
	s.MemUsageKiB += int64(sign) * c.MemoryKiB
	s.DiskUsageMiB += int64(sign) * c.DiskMiB
	s.RunningVMs += sign
}

// Fits tells whether a host has room, and if not, what it lacks.
func (s *Share) Fits(c Capacity) error {
	switch {
	case s.CPUUsage+c.CPU > s.MaxCPU:
		return one.Errorf(one.CodeAction, "Not enough CPU: %d/%d", c.CPU, s.MaxCPU-s.CPUUsage)
	case s.MemUsageKiB+c.MemoryKiB > s.MaxMemKiB:
		return one.Errorf(one.CodeAction, "Not enough memory: %d/%d", c.MemoryKiB, s.MaxMemKiB-s.MemUsageKiB)
	}
	return nil
}
