package setup_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/schema"
	"github.com/renkei-vpe/renkei/pkg/setup"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
	"github.com/renkei-vpe/renkei/pkg/user"
)

// open answers an empty store, and one that was set up.
func open(t *testing.T) (empty, first *store.Store) {
	t.Helper()
	var stores [2]*store.Store
	for i := range stores {
		s, err := store.Open(store.Options{Log: memlog.New(), Tables: schema.Tables()})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		stores[i] = s
	}
	err := stores[1].Update(t.Context(), func(tx *store.Tx) error {
		return setup.Run(tx, setup.First{
			Users:      user.First{Oneadmin: "oneadmin", Secret: "x", Serveradmin: "y"},
			Endpoint:   "http://front:2633/RPC2",
			Datastores: datastore.Settings{TMs: datastore.DefaultTMs(), DSs: datastore.DefaultDSs()},
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return stores[0], stores[1]
}

func TestDone(t *testing.T) {
	t.Parallel()
	empty, first := open(t)
	if setup.Done(empty.Read()) || !setup.Done(first.Read()) {
		t.Errorf("the empty store is set up: %v; the other: %v", setup.Done(empty.Read()), setup.Done(first.Read()))
	}
}

// TestWhatClientsTakeForGranted: IDs, names and owners are those of oned's first start.
func TestWhatClientsTakeForGranted(t *testing.T) {
	t.Parallel()
	_, s := open(t)
	var got []string
	for _, k := range schema.Kinds() {
		for _, h := range k.Heads(s.Read()) {
			got = append(got, fmt.Sprintf("%s %d %s of %s:%s", k.ID(), h.ID, h.Name, h.UName, h.GName))
		}
	}
	want := []string{
		"CLUSTER 0 default of :",
		"DATASTORE 0 system of oneadmin:oneadmin",
		"DATASTORE 1 default of oneadmin:oneadmin",
		"DATASTORE 2 files of oneadmin:oneadmin",
		"GROUP 0 oneadmin of :oneadmin",
		"GROUP 1 users of :users",
		"MARKETPLACE 0 OpenNebula Public of oneadmin:oneadmin",
		"MARKETPLACE 1 Linux Containers of oneadmin:oneadmin",
		"SECGROUP 0 default of oneadmin:oneadmin",
		"USER 0 oneadmin of :oneadmin",
		"USER 1 serveradmin of :oneadmin",
		"VDC 0 default of :",
		"ZONE 0 OpenNebula of :",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("after the first start (-want +got):\n%s", diff)
	}
}

// TestFirstRules: the group users may create what users have, everybody sees zones and
// marketplaces, and the default VDC gives its group what is in it.
func TestFirstRules(t *testing.T) {
	t.Parallel()
	_, s := open(t)
	var got []string
	for row := range acl.Rules.All(s.Read()) {
		got = append(got, row.Val.String())
	}
	want := []string{
		"@1 VM+IMAGE+TEMPLATE+DOCUMENT+SECGROUP+VMGROUP+BACKUPJOB/* CREATE *",
		"* ZONE/* USE *",
		"* MARKETPLACE+MARKETPLACEAPP/* USE *",
		"@1 HOST/* MANAGE #0",
		"@1 NET/* USE #0",
		"@1 DATASTORE/* USE #0",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rules after the first start (-want +got):\n%s", diff)
	}
}
