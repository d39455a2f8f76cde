package rvpe

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/cluster"
	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
	"github.com/renkei-vpe/renkei/pkg/user"
)

// site is a store with a member, a zone, its network and a lease, all with ID 1, for a user, a
// cluster and a virtual network with ID 100.
func site(t *testing.T) *store.Store {
	t.Helper()
	tables := append(Tables(), cluster.Kind.Table, effect.Table, network.Kind.Table, network.Leases, user.Kind.Table)
	st, err := store.Open(store.Options{Log: memlog.New(), Tables: tables})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	change(t, st, func(tx *store.Tx) {
		user.Kind.Put(tx, &user.User{Meta: object.Meta{ID: 100, Name: "alice"}})
		cluster.Kind.Put(tx, &cluster.Cluster{Meta: object.Meta{ID: 100, Name: "z"}})
		var tmpl attr.Template
		tmpl.Add(attr.NewVector("AR", attr.Pair{Key: "IP", Value: "10.0.0.1"}))
		network.Kind.Put(tx, &network.VNet{Meta: object.Meta{ID: 100, Name: "z#n"}, ARs: []network.AR{{ID: 7, Attrs: *tmpl.Vector("AR")}}})
		imported := Imported{
			Members: []*Member{{ID: 1, UID: 100, Grants: []Grant{{Zone: 1, Limit: 2}}}}, Zones: []*Zone{{ID: 1, ClusterID: 100}},
			Networks: []*Network{{ID: 1, ZoneID: 1, VNetID: 100, Name: "n"}}, Leases: []*Lease{{ID: 1, NetworkID: 1, Name: "vm1", IP: "10.0.0.1", For: 1}},
		}
		imported.Store(tx)
	})
	return st
}

func change(t *testing.T, st *store.Store, rule func(tx *store.Tx)) {
	t.Helper()
	if err := st.Update(t.Context(), func(tx *store.Tx) error { rule(tx); return nil }); err != nil {
		t.Fatal(err)
	}
}

// TestAudit damages a healthy store in one way at a time, and repairs what can be repaired.
func TestAudit(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spoil func(tx *store.Tx)
		want  []string
		left  []string // after repairing
	}{
		"nothing": {func(*store.Tx) {}, nil, nil},
		"a user is gone": {
			func(tx *store.Tx) { user.Kind.Remove(tx, 100) },
			[]string{"RENKEI-VPE: member 1 is user 100, who is gone"}, nil,
		},
		"a cluster is gone": {
			func(tx *store.Tx) { cluster.Kind.Remove(tx, 100) },
			[]string{"RENKEI-VPE: zone 1 is cluster 100, which is gone"}, nil,
		},
		"a virtual network is gone": {
			func(tx *store.Tx) { network.Kind.Remove(tx, 100) },
			[]string{"RENKEI-VPE: network 1 is virtual network 100, which is gone"}, nil,
		},
		"a zone is gone": {
			func(tx *store.Tx) { zones.Delete(tx, store.ID(1)) },
			[]string{"RENKEI-VPE: member 1 may use zone 1, which is gone", "RENKEI-VPE: network 1 is of zone 1, which is gone"}, nil,
		},
		"a network is gone": {
			func(tx *store.Tx) { networks.Delete(tx, store.ID(1)) },
			[]string{"RENKEI-VPE: lease 1 is of network 1, which is gone"}, nil,
		},
		"a lease is kept for nobody that is": {
			func(tx *store.Tx) {
				leases.Put(tx, store.ID(1), &Lease{ID: 1, NetworkID: 1, Name: "vm1", IP: "10.0.0.1", AR: 7, For: 5})
			},
			[]string{"RENKEI-VPE: lease 1 is kept for member 5, who is gone"}, nil,
		},
		"a lease is another range": {
			func(tx *store.Tx) {
				leases.Put(tx, store.ID(1), &Lease{ID: 1, NetworkID: 1, Name: "vm1", IP: "10.0.0.1", AR: 8, For: Anybody})
			},
			[]string{"RENKEI-VPE: lease 1 is 10.0.0.1, which is not the address of range 8 of virtual network 100"},
			[]string{"RENKEI-VPE: lease 1 is 10.0.0.1, which is not the address of range 8 of virtual network 100"},
		},
		"two of each": {
			func(tx *store.Tx) {
				members.Put(tx, store.ID(tx.Next("rvpe_user", 1)), &Member{ID: 2, UID: 100})
				zones.Put(tx, store.ID(tx.Next("rvpe_zone", 1)), &Zone{ID: 2, ClusterID: 100})
				leases.Put(tx, store.ID(tx.Next("rvpe_lease", 1)), &Lease{ID: 2, NetworkID: 1, Name: "vm1", IP: "10.0.0.1", AR: 7, For: Anybody})
			},
			[]string{"RENKEI-VPE: members 1 and 2 are both user 100", "RENKEI-VPE: zones 1 and 2 are both cluster 100", "RENKEI-VPE: leases 1 and 2 have one name: vm1"},
			[]string{"RENKEI-VPE: members 1 and 2 are both user 100", "RENKEI-VPE: zones 1 and 2 are both cluster 100", "RENKEI-VPE: leases 1 and 2 have one name: vm1"},
		},
		"a transfer of nobody": {
			func(tx *store.Tx) { BeginTransfer(tx, Transfer{Name: "x", MemberID: 9}) },
			[]string{"RENKEI-VPE: transfer 1 is of member 9, who is gone"}, nil,
		},
		"a counter that lags behind": {
			func(tx *store.Tx) { types.Put(tx, store.ID(3), &Type{ID: 3, Name: "small"}) },
			[]string{"RENKEI-VPE: the counter of rvpe_vmtype stands at 0, and there is a row 3: its ID could be given again"}, nil,
		},
		"a row under another ID": {
			func(tx *store.Tx) { machines.Put(tx, store.ID(tx.Next("rvpe_machine", 1)), &Machine{ID: 0}) },
			[]string{"RENKEI-VPE: row 0 of rvpe_machine is kept under the ID 1"}, []string{"RENKEI-VPE: row 0 of rvpe_machine is kept under the ID 1"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			st := site(t)
			change(t, st, c.spoil)
			found := Audit(st.Read())
			if diff := cmp.Diff(c.want, found.Texts()); diff != "" {
				t.Fatalf("found (-want +got):\n%s", diff)
			}
			change(t, st, func(tx *store.Tx) {
				for _, f := range found {
					if f.Mend != nil {
						f.Mend(tx)
					}
				}
			})
			if diff := cmp.Diff(c.left, Audit(st.Read()).Texts()); diff != "" {
				t.Errorf("after mending (-want +got):\n%s", diff)
			}
		})
	}
}
