package acl_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

func TestSetupMakesOnedsRules(t *testing.T) {
	t.Parallel()
	s := open(t)
	in(t, s, acl.Setup)
	want := []string{
		"@1 VM+IMAGE+TEMPLATE+DOCUMENT+SECGROUP+VMGROUP+BACKUPJOB/* CREATE *",
		"* ZONE/* USE *",
		"* MARKETPLACE+MARKETPLACEAPP/* USE *",
	}
	if diff := cmp.Diff(want, texts(s.Read())); diff != "" {
		t.Errorf("wrong rules:\n%s", diff)
	}
}

func TestParsePartReadsAsStreamsDo(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]uint64{
		"1f": 0x1f, " 0X1F": 0x1f, "+1f": 0x1f, "1fzz": 0x1f, "-1": 1<<64 - 1, "-0x10": 1<<64 - 16, "": 0, "-": 0, "x1": 0,
		"ffffffffffffffffff": 1<<63 - 1, "-ffffffffffffffffff": 1 << 63,
	} {
		if got := acl.ParsePart(text); got != want {
			t.Errorf("%q: got %x, want %x", text, got, want)
		}
	}
}

func TestAddRefuses(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ user, resource, rights, zone, want string }{
		{"100000002", "1400000000", "1", "100000000", ""},
		{"0x100000002", "1400000000", "1", "100000000", ""},
		{"100000002", "1400000000", "20", "100000000", "Rule #2 VM/*  #0 is malformed: wrong [rights], it cannot be bigger than 0xF"},
		{"100000002", "400000000", "1", "100000000", "Rule #2 /* USE #0 is malformed: [resource] type is missing"},
		{"100000002", "1400000000", "0", "100000000", "Rule #2 VM/*  #0 is malformed: wrong [rights], it cannot be 0"},
		{"zzz", "1400000000", "1", "100000000", "Rule ?? VM/* USE #0 is malformed: [user] is missing one of the INDIVIDUAL, GROUP or ALL bits"},
		{"800000001", "1400000000", "1", "100000000", "Rule ?? VM/* USE #0 is malformed: [user] is missing one of the INDIVIDUAL, GROUP or ALL bits"},
		{"300000002", "1400000000", "1", "100000000", "Rule @2 VM/* USE #0 is malformed: [user] INDIVIDUAL (#) and GROUP (@) bits are exclusive"},
		{"400000002", "1400000000", "1", "100000000", "Rule * VM/* USE #0 is malformed: when using the ALL bit, [user] ID must be 0"},
		{"100000002", "1000000000", "1", "100000000", "Rule #2 VM/?? USE #0 is malformed: [resource] is missing one of the INDIVIDUAL, GROUP, CLUSTER or ALL bits"},
		{"100000002", "1800000000", "1", "100000000", "Rule #2 VM/%0 USE #0 is malformed: [resource] CLUSTER(%) selector can be applied only to DATASTORE, HOST and NET types"},
		{"100000002", "2200000000", "1", "100000000", "Rule #2 HOST/@0 USE #0 is malformed: [resource] GROUP(@) selector cannot be applied to HOST, GROUP, CLUSTER, ZONE or VDC types"},
		{"100000002", "80000400000000", "1", "100000000", "Rule #2 /* USE #0 is malformed: wrong [resource] type"},
		{"100000002", "1100000007", "1", "400000000", "Rule #2 VM/#7 USE * is malformed: [resource] INDIVIDUAL(#) selector cannot be applied to ALL zones, except for USER, GROUP and ZONE types"},
		{"100000002", "1400000000", "1", "200000000", "Rule #2 VM/* USE ?? is malformed: [zone] GROUP (@) bit is not supported"},
		{"zzz", "1400000000", "1", "200000000", "Rule ?? VM/* USE ?? is malformed: [user] is missing one of the INDIVIDUAL, GROUP or ALL bits[zone] GROUP (@) bit is not supported"},
		{"100000002", "1400000000", "-1", "100000000", ""},
	} {
		s := open(t)
		err := s.Update(t.Context(), func(tx *store.Tx) error {
			_, err := acl.Add(tx, acl.Rule{
				User: acl.ParsePart(tt.user), Resource: acl.ParsePart(tt.resource),
				Rights: acl.ParsePart(tt.rights), Zone: acl.ParsePart(tt.zone),
			})
			return err
		})
		if got := message(err); got != tt.want {
			t.Errorf("%s %s %s %s:\n got %q\nwant %q", tt.user, tt.resource, tt.rights, tt.zone, got, tt.want)
		}
		if err != nil && !errors.Is(err, one.ErrInternal) {
			t.Errorf("%v has the wrong code", err)
		}
	}
}

// hostsOf is a rule for all hosts of this zone.
func hostsOf(who uint64) acl.Rule {
	return acl.Rule{User: who, Resource: uint64(one.KindHost) | acl.All, Rights: uint64(one.Use), Zone: acl.Individual}
}

func TestRuleIsMadeOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	add(t, s, hostsOf(acl.GroupOf|100))
	err := s.Update(t.Context(), func(tx *store.Tx) error {
		_, err := acl.Add(tx, hostsOf(acl.GroupOf|100))
		return err
	})
	if want := "Rule @100 HOST/* USE #0 already exists"; message(err) != want {
		t.Errorf("got %q, want %q", message(err), want)
	}
	in(t, s, func(tx *store.Tx) error { return acl.Grant(tx, hostsOf(acl.GroupOf|100)) })
	if n := acl.Rules.Len(s.Read()); n != 1 {
		t.Errorf("%d rules, want 1", n)
	}
}

func TestDelete(t *testing.T) {
	t.Parallel()
	s := open(t)
	add(t, s, hostsOf(acl.All))
	in(t, s, func(tx *store.Tx) error { return acl.Delete(tx, 0) })
	err := s.Update(t.Context(), func(tx *store.Tx) error { return acl.Delete(tx, 0) })
	if want := "Rule 0 does not exist"; message(err) != want {
		t.Errorf("got %q, want %q", message(err), want)
	}
}

func TestRulesAreListedByUser(t *testing.T) {
	t.Parallel()
	s := open(t)
	add(t, s, hostsOf(acl.All), hostsOf(acl.GroupOf|100), hostsOf(acl.GroupOf|2), hostsOf(acl.Individual|7))
	want := []string{"#7 HOST/* USE #0", "@2 HOST/* USE #0", "@100 HOST/* USE #0", "* HOST/* USE #0"}
	if diff := cmp.Diff(want, texts(s.Read())); diff != "" {
		t.Errorf("wrong order:\n%s", diff)
	}
}

func TestForget(t *testing.T) {
	t.Parallel()
	onHosts := func(selector uint64) acl.Rule {
		return acl.Rule{User: acl.All, Resource: uint64(one.KindHost) | selector, Rights: 1, Zone: acl.Individual}
	}
	onMembers := acl.Rule{User: acl.Individual | 9, Resource: uint64(one.KindVM) | acl.GroupOf | 100, Rights: 1, Zone: acl.All}
	for _, tt := range []struct {
		name   string
		forget func(tx *store.Tx)
		want   []string // remaining rules
	}{
		{"user", func(tx *store.Tx) { acl.ForgetUser(tx, 9) }, []string{"@100 HOST/* USE #0", "* HOST/#3 USE #0", "* HOST/%5 USE #0"}},
		{"group", func(tx *store.Tx) { acl.ForgetGroup(tx, 100) }, []string{"* HOST/#3 USE #0", "* HOST/%5 USE #0"}},
		{"cluster", func(tx *store.Tx) { acl.ForgetCluster(tx, 5) }, []string{"#9 VM/@100 USE *", "@100 HOST/* USE #0", "* HOST/#3 USE #0"}},
		{"host", func(tx *store.Tx) { acl.ForgetObject(tx, one.KindHost, 3) }, []string{"#9 VM/@100 USE *", "@100 HOST/* USE #0", "* HOST/%5 USE #0"}},
		{"others", func(tx *store.Tx) {
			acl.ForgetUser(tx, 100)
			acl.ForgetGroup(tx, 9)
			acl.ForgetCluster(tx, 3)
			acl.ForgetObject(tx, one.KindHost, 5)
		}, []string{"#9 VM/@100 USE *", "@100 HOST/* USE #0", "* HOST/#3 USE #0", "* HOST/%5 USE #0"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			add(t, s, hostsOf(acl.GroupOf|100), onHosts(acl.Individual|3), onHosts(acl.ClusterOf|5), onMembers)
			in(t, s, func(tx *store.Tx) error {
				tt.forget(tx)
				return nil
			})
			if diff := cmp.Diff(tt.want, texts(s.Read())); diff != "" {
				t.Errorf("wrong rules left:\n%s", diff)
			}
		})
	}
}
