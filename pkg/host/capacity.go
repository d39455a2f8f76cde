package host

import (
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Capacity is what a VM uses of a host.
type Capacity struct {
	CPU       int // 100 per CPU
	MemoryKiB int64
	DiskMiB   int64 // in the local system datastore
}

// Take adds a VM to the usage of a host. It does not check whether the VM fits, because an
// administrator may overcommit a host.
func Take(tx *store.Tx, id int, c Capacity) error {
	h, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	h.Share.add(c, 1)
	Kind.Put(tx, h)
	return nil
}

// Give subtracts a VM from the usage of a host, if the host still exists.
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

// Fits returns an error that says what the host lacks for a VM, or nil.
func (s *Share) Fits(c Capacity) error {
	switch {
	case s.CPUUsage+c.CPU > s.MaxCPU:
		return one.Errorf(one.CodeAction, "Not enough CPU: %d/%d", c.CPU, s.MaxCPU-s.CPUUsage)
	case s.MemUsageKiB+c.MemoryKiB > s.MaxMemKiB:
		return one.Errorf(one.CodeAction, "Not enough memory: %d/%d", c.MemoryKiB, s.MaxMemKiB-s.MemUsageKiB)
	}
	return nil
}
