package quota_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// someDelta draws the usage of a VM or an image.
func someDelta(t *rapid.T) quota.Delta {
	cpu := rapid.Float64Range(0, 64)
	few := rapid.IntRange(0, 5)
	return quota.Delta{
		VMs:             few.Draw(t, "VMs"),
		CPU:             cpu.Draw(t, "CPU"),
		RunningCPU:      cpu.Draw(t, "running CPU"),
		MemoryMB:        rapid.Int64Range(0, 1<<40).Draw(t, "memory"),
		RunningMemoryMB: rapid.Int64Range(0, 1<<40).Draw(t, "running memory"),
		Networks:        rapid.MapOfN(rapid.IntRange(0, 3), few, 0, 3).Draw(t, "networks"),
		Images:          rapid.MapOfN(rapid.IntRange(0, 3), few, 0, 3).Draw(t, "images"),
		Datastores: map[int]quota.Store{1: {
			Images: few.Draw(t, "images stored"),
			SizeMB: rapid.Int64Range(0, 1<<40).Draw(t, "size"),
		}},
		ClusterID: quota.NotPlaced,
	}
}

// usage returns a copy of user 2's quotas.
func usage(r store.Reader) *quota.Quotas {
	q, ok := quota.Users.Get(r, store.ID(2))
	if !ok {
		return &quota.Quotas{}
	}
	return q.Clone()
}

func TestRefundTakesBackExactlyWhatWasCharged(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		s, first, d := open(t), someDelta(rt), someDelta(rt)
		in(t, s, func(tx *store.Tx) error { return quota.Charge(tx, 2, 100, first) })
		before := usage(s.Read())
		in(t, s, func(tx *store.Tx) error { return quota.Charge(tx, 2, 100, d) })
		in(t, s, func(tx *store.Tx) error {
			quota.Refund(tx, 2, 100, d)
			return nil
		})
		if diff := cmp.Diff(before, usage(s.Read()), cmpopts.EquateEmpty()); diff != "" {
			rt.Errorf("charge and refund of %+v left:\n%s", d, diff)
		}
	})
}

func TestUsageIsNeverNegative(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		s := open(t)
		for range rapid.IntRange(1, 8).Draw(rt, "steps") {
			d, refund := someDelta(rt), rapid.Bool().Draw(rt, "refund")
			in(t, s, func(tx *store.Tx) error {
				if refund {
					quota.Refund(tx, 2, 100, d)
					return nil
				}
				return quota.Charge(tx, 2, 100, d)
			})
			for _, used := range allUsed(usage(s.Read())) {
				if used < 0 {
					rt.Fatalf("usage fell to %v", used)
				}
			}
		}
	})
}

func allUsed(q *quota.Quotas) (list []quota.Amount) {
	for _, entries := range q.Entries {
		for _, e := range entries {
			list = append(list, e.Used...)
		}
	}
	return list
}
