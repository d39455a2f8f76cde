package quota_test

import (
	"testing"

	"github.com/renkei-vpe/renkei/pkg/cluster"
	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// TestRecount: the usage becomes the sum of the uses, also in clusters; limits stay.
func TestRecount(t *testing.T) {
	t.Parallel()
	s := open(t)
	const limits = "VM=[VMS=1]\nVM=[VMS=5,CLUSTER_IDS=0]\nIMAGE=[ID=9,RVMS=2]"
	vm := quota.Delta{ClusterID: 0, VMs: 1, CPU: 0.5, Images: map[int]int{9: 1}}
	in(t, s, func(tx *store.Tx) error {
		cluster.Kind.Table.Put(tx, store.ID(0), &cluster.Cluster{})
		if err := quota.SetLimits(tx, quota.Users, 2, template(t, limits), nothing); err != nil {
			return err
		}
		quota.Count(tx, 2, quota.Nobody, quota.Delta{ClusterID: quota.NotPlaced, VMs: 40, Networks: map[int]int{7: 3}})
		quota.Recount(tx, quota.Users, 2, []quota.Delta{vm, vm})
		return nil
	})
	q, _ := quota.Users.Get(s.Read(), store.ID(2))
	vms, images := q.Entries[quota.VMs], q.Entries[quota.Images]
	if len(vms) != 2 || vms[0].Used[10] != 200 || vms[1].Used[10] != 200 || vms[1].Used[0] != 100 || vms[0].Limits[10] != 100 {
		t.Errorf("VMs: %+v", vms)
	}
	if len(images) != 1 || images[0].Used[0] != 200 || len(q.Entries[quota.Networks]) != 0 {
		t.Errorf("images: %+v, networks: %+v", images, q.Entries[quota.Networks])
	}
	in(t, s, func(tx *store.Tx) error { quota.Recount(tx, quota.Users, 3, nil); return nil })
	if _, there := quota.Users.Get(s.Read(), store.ID(3)); there {
		t.Error("who uses nothing has quotas")
	}
}
