package migrate_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/pkg/fsck"
	"github.com/renkei-vpe/renkei/pkg/migrate"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/rvpe"
	"github.com/renkei-vpe/renkei/pkg/sqlite"
	"github.com/renkei-vpe/renkei/pkg/sqlite/sqlitetest"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/user"
)

// pair plans the import of both databases, after changing them.
func (w world) pair(t *testing.T, change func(rv, core tables)) (*migrate.Plan, error) {
	t.Helper()
	rv, core := rvped(), one22()
	if change != nil {
		change(rv, core)
	}
	return migrate.RVPE(rv.open(t), core.open(t), w.options)
}

func (w world) imported(t *testing.T, change func(rv, core tables)) (*store.Snap, *migrate.Plan) {
	t.Helper()
	p, err := w.pair(t, change)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Run(t.Context(), w.store); err != nil {
		t.Fatal(err)
	}
	r := w.store.Read()
	if found := fsck.Check(r); len(found) > 0 {
		t.Errorf("fsck: %v", found)
	}
	return r, p
}

// TestRVPE checks everything that is imported from RENKEI-VPE.
func TestRVPE(t *testing.T) {
	w := newWorld(t)
	r, p := w.imported(t, nil)
	alice, ok := rvpe.MemberNamed(r, "alice")
	if !ok || alice.ID != 2 || alice.UID != 2 || alice.Disabled {
		t.Fatalf("member: %+v", alice)
	}
	if diff := cmp.Diff([]rvpe.Grant{{Zone: 1, Limit: 4}}, alice.Grants); diff != "" {
		t.Error(diff)
	}
	if use := alice.Use(r, 1); use != 0 { // her VM has not been imported
		t.Errorf("she uses %d of it", use)
	}
	if bob, ok := rvpe.MemberNamed(r, "bob"); !ok || !bob.Disabled {
		t.Errorf("member: %+v", bob)
	}
	z, ok := rvpe.ZoneNamed(r, "tokyo tech")
	if !ok || z.ID != 1 || z.Description != "the first site" || len(z.Hosts(r)) != 2 {
		t.Errorf("zone: %+v", z)
	}
	n, ok := rvpe.NetworkNamed(r, "tokyo tech#lan")
	if !ok || n.ID != 5 {
		t.Fatalf("network: %+v", n)
	}
	want := rvpe.Facts{
		Description: "in the lab", Address: "10.0.0.0", Netmask: "255.255.255.0", Gateway: "10.0.0.1",
		DNS: "10.0.0.2 10.0.0.3", NTP: "10.0.0.4", Bridge: "br0",
	}
	if diff := cmp.Diff(want, n.Facts(r)); diff != "" {
		t.Error(diff)
	}
	if v, _ := n.VNet(r); !slices.Equal(v.Clusters, []int{z.ClusterID}) || v.Perms&0o44 != 0o44 {
		t.Errorf("network: clusters %v, permissions %o", v.Clusters, v.Perms)
	}
	if typ := rvpe.TypeNamed(r, "large"); typ == nil || *typ != (rvpe.Type{ID: 4, Name: "large", CPU: 4, MemoryMiB: 8192, Weight: 4}) {
		t.Errorf("type: %+v", typ)
	}
	if !slices.ContainsFunc(p.Notes, func(n string) bool { return strings.Contains(n, "/var/one/images/transfer/abc") }) {
		t.Error("there is no note about the running transfer")
	}
}

// TestRVPELeases: leases have their names, addresses and members; that of the skipped VM is not
// reserved.
func TestRVPELeases(t *testing.T) {
	w := newWorld(t)
	r, _ := w.imported(t, nil)
	type lease struct {
		rvpe.Lease
		used bool
		mac  string
	}
	var got []lease
	for _, l := range rvpe.Leases(r) {
		got = append(got, lease{*l, l.Used(r), l.MAC(r)})
	}
	want := []lease{
		{rvpe.Lease{ID: 11, NetworkID: 5, Name: "vm05.example.org", IP: "10.0.0.5", AR: 0, For: 2}, false, "02:00:0a:00:00:05"},
		{rvpe.Lease{ID: 12, NetworkID: 5, Name: "vm06.example.org", IP: "10.0.0.6", AR: 1, For: -1}, false, "50:20:20:20:20:21"},
		{rvpe.Lease{ID: 13, NetworkID: 5, Name: "vm07.example.org", IP: "10.0.0.7", AR: 2, For: -1}, true, "02:00:0a:00:00:07"},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(lease{})); diff != "" {
		t.Error(diff)
	}
}

// TestRVPEMachines: VMs have the names of what they were made from; those of early versions
// have the names of objects that still exist.
func TestRVPEMachines(t *testing.T) {
	const gone = "Missing, manually deleted."
	w := newWorld(t)
	r, _ := w.imported(t, nil)
	var got []rvpe.Machine
	for _, k := range rvpe.Machines(r) {
		got = append(got, *k)
		if v, ok := k.VM(r); !ok || v.UName != "alice" {
			t.Errorf("VM %d belongs to %+v", k.ID, v)
		}
	}
	want := []rvpe.Machine{
		{
			ID: 21, VMID: 7, Name: "vm06.example.org", MemberID: 2, ZoneID: 1, TypeID: 1, ImageID: 3, Weight: 1,
			Member: "alice", Zone: "tokyo tech", Type: "small", Image: "centos5.5",
			Leases: []rvpe.LeaseName{{ID: 12, Name: "vm06.example.org", IP: "10.0.0.6"}, {ID: 99, Name: gone, IP: gone}},
		},
		{
			ID: 22, VMID: 8, Name: "vm05.example.org", MemberID: 2, ZoneID: 1, TypeID: 4, ImageID: 77, Weight: 4,
			Member: "alice", Zone: "tokyo tech", Type: "huge", Image: "gone#1",
			Leases: []rvpe.LeaseName{{ID: 11, Name: "vm05.example.org", IP: "10.0.0.5"}},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestRVPEUsersAndIDsContinue: users log in as before, and IDs of deleted objects are not given out again.
func TestRVPEUsersAndIDsContinue(t *testing.T) {
	w := newWorld(t)
	w.imported(t, nil)
	users := user.NewService(w.store, user.Settings{Cost: 4, Expiration: time.Minute, Clock: time.Now})
	if c, err := users.AuthenticateOld(t.Context(), "alice:"+user.SHA1Hex("alicepw")); err != nil || c.UName != "alice" {
		t.Errorf("%+v, %v", c, err)
	}
	w.do(t, func(tx *store.Tx) error {
		for table, last := range map[string]int{rvpe.MemberTable: 7, rvpe.MachineTable: 30, rvpe.LeaseTable: 13, rvpe.TypeTable: 4} {
			if id := tx.Next(table, 1); id != last+1 {
				t.Errorf("the next ID of %s is %d, want %d", table, id, last+1)
			}
		}
		return nil
	})
}

// TestRVPEReferences: rows whose objects are missing are skipped, with a note.
func TestRVPEReferences(t *testing.T) {
	for name, c := range map[string]struct {
		change func(rv, core tables)
		note   string
		gone   func(r store.Reader) bool
	}{
		"user": {
			func(rv, _ tables) { rv.where("users", 2)[1] = 44 },
			`user "alice" is left out: OpenNebula's user 44, which it stands on, is not there`,
			func(r store.Reader) bool { _, ok := rvpe.MemberOf(r, 2); return !ok },
		},
		"lease of a user": {
			func(rv, _ tables) { rv.where("leases", 11)[4] = 44 },
			`lease "vm05.example.org" was kept for user 44, who is not there: it is anybody's`,
			func(r store.Reader) bool { return rvpe.LeaseNamed(r, "vm05.example.org").For == rvpe.Anybody },
		},
		"lease of a network": {
			func(rv, _ tables) { rv.where("leases", 11)[5] = 44 },
			`lease "vm05.example.org" is left out: its network 44 is not there`,
			func(r store.Reader) bool { return rvpe.LeaseNamed(r, "vm05.example.org") == nil },
		},
		"address": {
			func(rv, _ tables) { rv.where("leases", 11)[2] = "10.9.9.9" },
			`OpenNebula's network 0 has no address 10.9.9.9`,
			func(r store.Reader) bool { return rvpe.LeaseNamed(r, "vm05.example.org") == nil },
		},
		"cluster": {
			func(rv, _ tables) { rv.where("zones", 1)[1] = 44 },
			`zone "tokyo tech" is left out`,
			func(r store.Reader) bool {
				m, _ := rvpe.MemberOf(r, 2)
				return len(rvpe.Zones(r))+len(rvpe.Networks(r))+len(m.Grants) == 0
			},
		},
		"VM": {
			func(rv, _ tables) { rv.where("virtual_machines", 22)[2] = 44 },
			`VM "vm05.example.org" is left out: OpenNebula's VM 44`,
			func(r store.Reader) bool { _, ok := rvpe.MachineOf(r, 22); return !ok },
		},
		"administrator": {
			func(rv, _ tables) { rv.where("users", 0)[0] = 1 },
			`user oneadmin had the ID 1 and will have 0, as the administrator`,
			func(r store.Reader) bool {
				m, ok := rvpe.MemberNamed(r, "oneadmin")
				return ok && m.ID == 0 && m.Grants[0].Limit == 100
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			r, p := w.imported(t, c.change)
			if !strings.Contains(strings.Join(p.Notes, "\n"), c.note) {
				t.Errorf("%q is not among %q", c.note, p.Notes)
			}
			if !c.gone(r) {
				t.Error("the row has been imported")
			}
		})
	}
}

// TestRVPERefuses databases of different installations, and databases of something else.
func TestRVPERefuses(t *testing.T) {
	w := newWorld(t)
	for name, change := range map[string]func(rv, core tables){
		"users":    func(_, core tables) { core.where("user_pool", 1)[1] = "carol" },
		"clusters": func(_, core tables) { core.where("cluster_pool", 3)[1] = "osaka" },
		"networks": func(_, core tables) { core.where("network_pool", 0)[2] = "osaka#lan" },
	} {
		p, err := w.pair(t, change)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(strings.Join(p.Blockers, "\n"), "not of one installation") {
			t.Errorf("%s of another installation: %q", name, p.Blockers)
		}
		if err := p.Run(t.Context(), w.store); err == nil {
			t.Error("a plan with blockers is not refused")
		}
	}
	core := one22().open(t)
	if _, err := migrate.RVPE(core, core, w.options); err == nil || !strings.Contains(err.Error(), "no database of RENKEI-VPE") {
		t.Errorf("OpenNebula's in its place: %v", err)
	}
	if _, err := migrate.RVPE(rvped().open(t), rvped().open(t), w.options); err == nil || !strings.Contains(err.Error(), "no database of OpenNebula 2.2") {
		t.Errorf("in place of OpenNebula's: %v", err)
	}
	if n := user.Kind.Table.Len(w.store.Read()); n != 2 || !rvpe.Empty(w.store.Read()) {
		t.Error("something was changed")
	}
}

// TestRVPEIntoUsed: the import is refused if the store has objects of RENKEI-VPE.
func TestRVPEIntoUsed(t *testing.T) {
	w := newWorld(t)
	w.do(t, func(tx *store.Tx) error {
		_, err := rvpe.AllocateType(tx, rvpe.Definition{"NAME": "tiny", "CPU": "1", "MEMORY": "1", "WEIGHT": "1"})
		return err
	})
	p, err := w.pair(t, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Run(t.Context(), w.store); err == nil || !strings.Contains(err.Error(), "fresh") {
		t.Errorf("got %v", err)
	}
}

// TestRVPEIsRolledBack: when a late step fails, those before it are rolled back.
func TestRVPEIsRolledBack(t *testing.T) {
	w := newWorld(t)
	p, err := w.pair(t, func(_, core tables) {
		core.where("network_pool", 2)[6] = words("BRIDGE", "br1", "NAME", "range", "NETWORK_ADDRESS", "10.x", "TYPE", "RANGED")
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Run(t.Context(), w.store); err == nil {
		t.Fatal("a network without addresses was made")
	}
	if r := w.store.Read(); !rvpe.Empty(r) || network.Kind.Table.Len(r) > 0 || user.Kind.Table.Len(r) != 2 {
		t.Error("rows of a failed import are left")
	}
}

// TestDamagedDatabases are refused, wherever they are truncated.
func TestDamagedDatabases(t *testing.T) {
	w := newWorld(t)
	whole := sqlitetest.Bytes(rvped().list()...)
	core := one22().open(t)
	path := filepath.Join(t.TempDir(), "cut.db")
	for n := 0; n < len(whole); n += len(whole)/23 + 1 {
		if err := os.WriteFile(path, whole[:n], 0o600); err != nil {
			t.Fatal(err)
		}
		db, err := sqlite.Open(path)
		if err != nil {
			continue
		}
		if _, err := migrate.RVPE(db, core, w.options); err == nil {
			t.Errorf("%d of %d bytes were read without an error", n, len(whole))
		}
	}
}
