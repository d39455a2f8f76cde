package vm

import (
	"errors"
	"maps"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// settleQuotas charges the difference between was and v to the owner.
func settleQuotas(tx *store.Tx, was, v *VM, by limits) error {
	if !quota.Counted(v.UID, v.GID) {
		return nil
	}
	before, after := Usage(tx, was), Usage(tx, v)
	if before.ClusterID != after.ClusterID && was != nil {
		return moveCluster(tx, v, before, after, by)
	}
	more, less := differences(before, after)
	quota.Refund(tx, v.UID, v.GID, less)
	if by == unchecked {
		quota.Count(tx, v.UID, v.GID, more)
		return nil
	}
	return quota.Charge(tx, v.UID, v.GID, more)
}

// moveCluster changes the cluster in which a VM is counted. The quotas of the new cluster are
// checked against all that the VM uses, the others against the increase only.
func moveCluster(tx *store.Tx, v *VM, before, after quota.Delta, by limits) error {
	if by == checked {
		more, _ := differences(before, after)
		more.ClusterID = quota.NotPlaced
		if err := quota.Check(tx, v.UID, v.GID, more); err != nil {
			return err
		}
		if err := quota.Check(tx, v.UID, v.GID, clusterPart(after)); err != nil {
			return err
		}
	}
	quota.Refund(tx, v.UID, v.GID, before)
	quota.Count(tx, v.UID, v.GID, after)
	return nil
}

// clusterPart is the part of d that quotas of a cluster count.
func clusterPart(d quota.Delta) quota.Delta {
	d.ClusterOnly, d.Datastores, d.Networks, d.Images = true, nil, nil, nil
	return d
}

// differences returns the amounts by which after is above before, and below it.
func differences(before, after quota.Delta) (more, less quota.Delta) {
	more, less = quota.Delta{ClusterID: after.ClusterID}, quota.Delta{ClusterID: before.ClusterID}
	more.VMs, less.VMs = part(before.VMs, after.VMs)
	more.CPU, less.CPU = part(before.CPU, after.CPU)
	more.MemoryMB, less.MemoryMB = part(before.MemoryMB, after.MemoryMB)
	more.SystemDiskMB, less.SystemDiskMB = part(before.SystemDiskMB, after.SystemDiskMB)
	more.RunningVMs, less.RunningVMs = part(before.RunningVMs, after.RunningVMs)
	more.RunningCPU, less.RunningCPU = part(before.RunningCPU, after.RunningCPU)
	more.RunningMemoryMB, less.RunningMemoryMB = part(before.RunningMemoryMB, after.RunningMemoryMB)
	more.PCIDevices, less.PCIDevices = part(before.PCIDevices, after.PCIDevices)
	more.PCINICs, less.PCINICs = part(before.PCINICs, after.PCINICs)
	more.RunningPCIDevices, less.RunningPCIDevices = part(before.RunningPCIDevices, after.RunningPCIDevices)
	more.RunningPCINICs, less.RunningPCINICs = part(before.RunningPCINICs, after.RunningPCINICs)
	more.Further, less.Further = parts(before.Further, after.Further)
	more.Networks, less.Networks = parts(before.Networks, after.Networks)
	more.Images, less.Images = parts(before.Images, after.Images)
	more.Datastores, less.Datastores = storeParts(before.Datastores, after.Datastores)
	return more, less
}

// part returns how much b is above a, and how much below it.
func part[N int | int64 | float64](a, b N) (more, less N) { return max(b-a, 0), max(a-b, 0) }

// parts does so for each key, leaving out keys without a difference.
func parts[K comparable, N int | float64](a, b map[K]N) (more, less map[K]N) {
	if maps.Equal(a, b) {
		return nil, nil
	}
	more, less = map[K]N{}, map[K]N{}
	for _, m := range []map[K]N{a, b} {
		for k := range m {
			up, down := part(a[k], b[k])
			if up > 0 {
				more[k] = up
			}
			if down > 0 {
				less[k] = down
			}
		}
	}
	return more, less
}

func storeParts(a, b map[int]quota.Store) (more, less map[int]quota.Store) {
	if maps.Equal(a, b) {
		return nil, nil
	}
	more, less = map[int]quota.Store{}, map[int]quota.Store{}
	for _, m := range []map[int]quota.Store{a, b} {
		for k := range m {
			up, down := part(a[k].SizeMB, b[k].SizeMB)
			if up > 0 {
				more[k] = quota.Store{SizeMB: up}
			}
			if down > 0 {
				less[k] = quota.Store{SizeMB: down}
			}
		}
	}
	return more, less
}

// withinAction converts a quota error to what oned returns from within an action: with the code
// ACTION and without the final full stop.
func withinAction(err error) error {
	var e *one.Error
	if !errors.As(err, &e) || e.Code != one.CodeAuthorization {
		return err
	}
	return one.Errorf(one.CodeAction, "%s", strings.TrimSuffix(e.Msg, "."))
}

// ofCaller adds the caller before a quota error, as oned does.
func ofCaller(c *one.Caller, err error) error {
	var e *one.Error
	if c == nil || !errors.As(err, &e) || e.Code != one.CodeAuthorization || strings.HasPrefix(e.Msg, "User [") {
		return err
	}
	return one.Errorf(e.Code, "User [%d] : %s", c.UID, e.Msg)
}
