package fsck_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/backupjob"
	"github.com/renkei-vpe/renkei/pkg/cluster"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/document"
	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/fsck"
	"github.com/renkei-vpe/renkei/pkg/hook"
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/market"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/quota"
	"github.com/renkei-vpe/renkei/pkg/rvpe"
	"github.com/renkei-vpe/renkei/pkg/schema"
	"github.com/renkei-vpe/renkei/pkg/setup"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
	"github.com/renkei-vpe/renkei/pkg/user"
	"github.com/renkei-vpe/renkei/pkg/vm"
	"github.com/renkei-vpe/renkei/pkg/vmgroup"
	"github.com/renkei-vpe/renkei/pkg/vntemplate"
	"github.com/renkei-vpe/renkei/pkg/zone"
)

// first is a store after the first start.
func first(t *testing.T) *store.Store {
	t.Helper()
	s, err := store.Open(store.Options{Log: memlog.New(), Tables: schema.Tables()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	begin := setup.First{Endpoint: "http://localhost", Datastores: datastore.Settings{TMs: datastore.DefaultTMs(), DSs: datastore.DefaultDSs()}}
	begin.Users.Oneadmin = "oneadmin"
	do(t, s, func(tx *store.Tx) error { return setup.Run(tx, begin) })
	return s
}

func do(t *testing.T, s *store.Store, rule func(tx *store.Tx) error) {
	t.Helper()
	if err := s.Update(t.Context(), rule); err != nil {
		t.Fatal(err)
	}
}

func TestNewStoreIsHealthy(t *testing.T) {
	t.Parallel()
	if got := fsck.Check(first(t).Read()).Texts(); got != nil {
		t.Errorf("found %v", got)
	}
}

// TestFindings damages a healthy store in one way at a time.
func TestFindings(t *testing.T) {
	t.Parallel()
	meta := func(id int, name string) object.Meta { return object.Meta{ID: id, Name: name} }
	for name, c := range map[string]struct {
		spoil  func(tx *store.Tx)
		want   string
		mended bool
	}{
		"counter": {
			func(tx *store.Tx) { cluster.Kind.Put(tx, &cluster.Cluster{Meta: meta(105, "c")}) },
			"the counter of CLUSTER stands at 0, and there is a CLUSTER 105: its ID could be given again", true,
		},
		"key": {
			func(tx *store.Tx) { zone.Kind.Table.Put(tx, store.ID(5), &zone.Zone{Meta: meta(7, "z")}) },
			"ZONE 7 is kept under the ID 5", false,
		},
		"name": {
			func(tx *store.Tx) { hook.Kind.Put(tx, &hook.Hook{Meta: meta(tx.Next("hook", 0), "")}) },
			"HOOK 0 has no name", false,
		},
		"two names": {
			func(tx *store.Tx) {
				for range 2 {
					hook.Kind.Put(tx, &hook.Hook{Meta: meta(tx.Next("hook", 0), "a")})
				}
			},
			"HOOK 0 and 1 have one name: a", false,
		},
		"counter of documents": {
			func(tx *store.Tx) { document.Kind.Put(tx, &document.Document{Meta: meta(4, "d")}) },
			"the counter of DOCUMENT stands at 0, and there is a DOCUMENT 4: its ID could be given again", true,
		},
		"key of a network template": {
			func(tx *store.Tx) {
				vntemplate.Kind.Table.Put(tx, store.ID(5), &vntemplate.VNTemplate{Meta: meta(7, "t")})
			},
			"VNTEMPLATE 7 is kept under the ID 5", false,
		},
		"name of a marketplace": {
			func(tx *store.Tx) { market.Kind.Put(tx, &market.Market{Meta: meta(tx.Next("market", 100), "")}) },
			"MARKETPLACE 100 has no name", false,
		},
		"name of an app": {
			func(tx *store.Tx) { market.Apps.Put(tx, &market.App{Meta: meta(tx.Next("marketapp", 0), "")}) },
			"MARKETPLACEAPP 0 has no name", false,
		},
		"name of a backup job": {
			func(tx *store.Tx) { backupjob.Kind.Put(tx, &backupjob.Job{Meta: meta(tx.Next("backupjob", 0), "")}) },
			"BACKUPJOB 0 has no name", false,
		},
		"two VM groups of one name": {
			func(tx *store.Tx) {
				for range 2 {
					vmgroup.Kind.Put(tx, &vmgroup.VMGroup{Meta: meta(tx.Next("vmgroup", 0), "g")})
				}
			},
			"VMGROUP 0 and 1 have one name: g", false,
		},
		"reference": {
			func(tx *store.Tx) { host.Kind.Put(tx, &host.Host{Meta: meta(tx.Next("host", 0), "h"), ClusterID: 77}) },
			"host 0 names CLUSTER 77, which is not there", false,
		},
		"group of a user": {
			func(tx *store.Tx) {
				u, _ := user.Kind.Edit(tx, 0)
				u.Groups = []int{0, 90}
				user.Kind.Put(tx, u)
			},
			"user 0 names GROUP 90, which is not there", false,
		},
		"capacity": {
			func(tx *store.Tx) {
				host.Kind.Put(tx, &host.Host{Meta: meta(tx.Next("host", 0), "h"), Share: host.Share{CPUUsage: 100}})
			},
			"host 0 has {Capacity:{CPU:100 MemoryKiB:0 DiskMiB:0} vms:0} in use; its VMs take {Capacity:{CPU:0 MemoryKiB:0 DiskMiB:0} vms:0}", true,
		},
		"uses of an image": {
			func(tx *store.Tx) {
				image.Kind.Put(tx, &image.Image{Meta: meta(tx.Next("image", 0), "i"), DatastoreID: 1, RunningVMs: 3})
			},
			"image 0 is used by 3 VMs; 0 have disks of it", true,
		},
		"image of a VM": {
			func(tx *store.Tx) {
				v := &vm.VM{Meta: meta(tx.Next("vm", 0), "v"), State: one.VMHold}
				v.Template.Add(attr.NewVector("DISK", attr.Pair{Key: "IMAGE_ID", Value: "9"}))
				vm.Kind.Put(tx, v)
			},
			"VM 0 names IMAGE 9, which is not there", false,
		},
		"log of a hook": {
			func(tx *store.Tx) { hook.Log.Put(tx, store.Pair(4, 0), &hook.Record{Hook: 4}) },
			"a run of hook 4 is kept, and the hook is gone", true,
		},
		"effect": {
			func(tx *store.Tx) { effect.Put(tx, effect.Effect{Kind: one.KindImage, Object: 8, Op: "import"}) },
			"effect 0 (import) is for IMAGE 8, which is gone", true,
		},
		"lease": {
			func(tx *store.Tx) { network.Leases.Put(tx, store.Pair(3, 1), &network.Lease{VNet: 3}) },
			"a lease is of network 3, which is gone", true,
		},
		"update of a network": {
			func(tx *store.Tx) { network.SetLag(tx, &network.Lag{VNet: 3, VM: 4, Stage: network.Outdated}) },
			"VM 4 is to follow network 3, and one of them is gone", true,
		},
		"quotas": {
			func(tx *store.Tx) { quota.Users.Put(tx, store.ID(50), &quota.Quotas{}) },
			"there are quotas of user 50, who is gone", true,
		},
		"lease of RENKEI-VPE": {
			func(tx *store.Tx) {
				(&rvpe.Imported{Leases: []*rvpe.Lease{{ID: 1, NetworkID: 9, Name: "a", For: rvpe.Anybody}}}).Store(tx)
			},
			"RENKEI-VPE: lease 1 is of network 9, which is gone", true,
		},
		"usage that is counted too high": {
			func(tx *store.Tx) {
				quota.Count(tx, 1, quota.Nobody, quota.Delta{ClusterID: quota.NotPlaced, VMs: 2, Datastores: map[int]quota.Store{1: {Images: 4}}})
			},
			"user 1 DATASTORE 1 IMAGES: 4 are counted; there are 0", true,
		},
		"usage that is not counted": {
			func(tx *store.Tx) {
				image.Kind.Put(tx, &image.Image{Meta: object.Meta{ID: tx.Next("image", 0), Name: "i", UID: 0, GID: 1}, DatastoreID: 1, SizeMB: 7})
			},
			"group 1 DATASTORE 1 SIZE: 0 are counted; there are 7", true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := first(t)
			do(t, s, func(tx *store.Tx) error { c.spoil(tx); return nil })
			found := fsck.Check(s.Read())
			if diff := cmp.Diff([]string{c.want}, only(found.Texts(), c.want)); diff != "" {
				t.Fatalf("found %v", found.Texts())
			}
			var mended, left []string
			do(t, s, func(tx *store.Tx) error {
				m, l := fsck.Repair(tx)
				mended, left = m.Texts(), l.Texts()
				return nil
			})
			if got := len(only(mended, c.want)) == 1 && len(only(left, c.want)) == 0; got != c.mended {
				t.Errorf("mended %q, left %q", mended, left)
			}
		})
	}
}

// only answers the entries of a list that contain text.
func only(list []string, text string) (some []string) {
	for _, l := range list {
		if l == text {
			some = append(some, l)
		}
	}
	return some
}
