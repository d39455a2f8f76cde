package zone_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
	"github.com/renkei-vpe/renkei/pkg/zone"
)

var admin = &one.Caller{Groups: []int{one.OneadminGroupID}, UName: "oneadmin"}

// open answers a store with this server's zone.
func open(t *testing.T) *store.Store {
	t.Helper()
	s, err := store.Open(store.Options{Log: memlog.New(), Tables: []store.AnyTable{zone.Kind.Table}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if msg := try(t, s, func(tx *store.Tx) error { zone.Setup(tx, "http://front/RPC2"); return nil }); msg != "" {
		t.Fatal(msg)
	}
	return s
}

// try answers what a rule refuses with.
func try(t *testing.T, s *store.Store, rule func(tx *store.Tx) error) string {
	t.Helper()
	if err := s.Update(t.Context(), rule); err != nil {
		return err.Error()
	}
	return ""
}

func local(t *testing.T, s *store.Store) *zone.Zone {
	t.Helper()
	z, err := zone.Kind.Get(s.Read(), zone.LocalID)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// servers answers the IDs and names of a zone's servers.
func servers(z *zone.Zone) (list []string) {
	for _, s := range z.Servers.Vectors("SERVER") {
		list = append(list, s.Get("ID")+" "+s.Get("NAME"))
	}
	return list
}

func TestServersComeAndGo(t *testing.T) {
	t.Parallel()
	s := open(t)
	for _, c := range []struct {
		text, refusal string
	}{
		{"X=1", "SERVER not found in template"},
		{"SERVER=[ENDPOINT=a]", "Missing NAME in SERVER"},
		{"SERVER=[NAME=a]", "Missing ENDPOINT or ENDPOINT_GRPC in SERVER"},
		{"SERVER=[NAME=a,ENDPOINT=a]", ""},
		{"SERVER=[NAME=b,ENDPOINT_GRPC=b]", ""},
		{"SERVER=[NAME=c,ENDPOINT=c]", ""},
	} {
		if got := try(t, s, func(tx *store.Tx) error { return zone.AddServer(tx, zone.LocalID, c.text) }); got != c.refusal {
			t.Errorf("%s: %q, want %q", c.text, got, c.refusal)
		}
	}
	drop := func(id int) string {
		return try(t, s, func(tx *store.Tx) error { return zone.DelServer(tx, zone.LocalID, id) })
	}
	if first, again := drop(1), drop(1); first != "" || again != "SERVER not found in zone" {
		t.Errorf("taking the server 1 out: %q, and again: %q", first, again)
	}
	try(t, s, func(tx *store.Tx) error { return zone.AddServer(tx, zone.LocalID, "SERVER=[NAME=d,ENDPOINT=d]") })
	if diff := cmp.Diff([]string{"0 a", "2 c", "3 d"}, servers(local(t, s))); diff != "" {
		t.Errorf("servers (-want +got):\n%s", diff)
	}
}

func TestDisabling(t *testing.T) {
	t.Parallel()
	s := open(t)
	for _, enable := range []bool{false, true} {
		if msg := try(t, s, func(tx *store.Tx) error { return zone.Enable(tx, zone.LocalID, enable) }); msg != "" {
			t.Fatal(msg)
		}
		if zone.IsDisabled(s.Read()) == enable {
			t.Errorf("after Enable(%v) it is disabled: %v", enable, !enable)
		}
	}
}

func TestTheOwnZoneStays(t *testing.T) {
	t.Parallel()
	s := open(t)
	for id, want := range map[int]string{
		zone.LocalID: "Cannot delete zone. System Zones (ID < 100) cannot be deleted.",
		7:            "Error getting zone [7].",
	} {
		if got := try(t, s, func(tx *store.Tx) error { return zone.Delete(tx, id) }); got != want {
			t.Errorf("deleting %d: %q, want %q", id, got, want)
		}
	}
}

// TestUpdateKeepsTheEndpoint: every zone has one, and servers are not the template's.
func TestUpdateKeepsTheEndpoint(t *testing.T) {
	t.Parallel()
	s := open(t)
	msg := try(t, s, func(tx *store.Tx) error {
		return zone.Kind.Update(tx, admin, zone.LocalID, "NOTE=x\nSERVER=[NAME=a,ENDPOINT=a]", false, nil)
	})
	want, _ := attr.Parse("NOTE=x\nENDPOINT=-")
	if diff := cmp.Diff(want, local(t, s).Template); msg != "" || diff != "" {
		t.Errorf("%s; the template (-want +got):\n%s", msg, diff)
	}
}

func TestReplace(t *testing.T) {
	t.Parallel()
	const whole = "<ZONE><ID>0</ID><NAME>far</NAME><STATE>1</STATE><TEMPLATE><ENDPOINT>e</ENDPOINT></TEMPLATE>" +
		"<SERVER_POOL><SERVER><ID>4</ID><NAME>s</NAME></SERVER></SERVER_POOL></ZONE>"
	for text, refusal := range map[string]string{
		whole:    "",
		"<ZONE>": "Cannot update object from XML",
		"<ZONE><ID>0</ID><NAME>far</NAME><STATE>1</STATE><TEMPLATE/></ZONE>":               "Cannot update object from XML",
		"<ZONE><ID>5</ID><NAME>far</NAME><STATE>1</STATE><TEMPLATE/><SERVER_POOL/></ZONE>": "Consistency check failed",
	} {
		t.Run(refusal, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			got := try(t, s, func(tx *store.Tx) error { return zone.Replace(tx, zone.LocalID, text) })
			if got != refusal {
				t.Fatalf("%s: %q, want %q", text, got, refusal)
			}
			z := local(t, s)
			became := z.Name == "far" && z.Disabled && z.Template.Get("ENDPOINT") == "e" && cmp.Equal(servers(z), []string{"4 s"})
			if became != (refusal == "") {
				t.Errorf("%s: the zone is %+v", text, z)
			}
		})
	}
}
