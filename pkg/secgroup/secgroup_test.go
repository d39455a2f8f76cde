package secgroup_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/secgroup"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
)

var caller = &one.Caller{UID: 2, GID: 100, UName: "alice", GName: "devs", Umask: 0o177}

func open(t *testing.T) *store.Store {
	t.Helper()
	st, err := store.Open(store.Options{Log: memlog.New(), Tables: []store.AnyTable{secgroup.Kind.Table, secgroup.Members, effect.Table}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	return st
}

// do runs a rule and returns the error text.
func do(t *testing.T, st *store.Store, rule func(tx *store.Tx) error) string {
	t.Helper()
	err := st.Update(t.Context(), rule)
	var e *one.Error
	if errors.As(err, &e) {
		return e.Msg
	}
	if err != nil {
		t.Fatal(err)
	}
	return ""
}

func allocate(t *testing.T, st *store.Store, text string) (id int, message string) {
	t.Helper()
	tpl, err := attr.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	message = do(t, st, func(tx *store.Tx) (err error) {
		id, err = secgroup.Allocate(tx, caller, tpl)
		return err
	})
	return id, message
}

func TestRules(t *testing.T) {
	t.Parallel()
	const ports = "80,443,8000:8100"
	for _, c := range []struct{ rule, want string }{
		{`PROTOCOL=tcp, RULE_TYPE=inbound, RANGE="` + ports + `"`, ""},
		{`PROTOCOL=ICMP, RULE_TYPE=inbound, ICMP_TYPE=8`, ""},
		{`PROTOCOL=ICMPV6, RULE_TYPE=OUTBOUND, ICMPV6_TYPE=128`, ""},
		{`PROTOCOL=ALL, RULE_TYPE=outbound, NETWORK_ID=3`, ""},
		{`PROTOCOL=UDP, RULE_TYPE=inbound, IP=10.0.0.0, SIZE=255`, ""},
		{`PROTOCOL=UDP, RULE_TYPE=inbound, IP="fd00::", SIZE=255`, ""},
		{`PROTOCOL=FOO, RULE_TYPE=inbound`, "Wrong PROTOCOL in rule. Valid options: TCP, UDP, ICMP, ICMPV6, IPSEC, ALL."},
		{`PROTOCOL=ALL, RULE_TYPE=foo`, "Wrong RULE_TYPE in rule. Valid options: INBOUND, OUTBOUND."},
		{`PROTOCOL=ALL, RULE_TYPE=inbound, RANGE=22`, "RANGE is supported only for TCP and UDP protocols."},
		{`PROTOCOL=TCP, RULE_TYPE=inbound, RANGE="a:b"`, "Invalid RANGE specification."},
		{`PROTOCOL=TCP, RULE_TYPE=inbound, RANGE="1,,2"`, "Invalid RANGE specification."},
		{`PROTOCOL=TCP, RULE_TYPE=inbound, RANGE="99999999999"`, "RANGE out of bounds 0-65536."},
		{`PROTOCOL=TCP, RULE_TYPE=inbound, RANGE="1:2:3"`, "Invalid RANGE specification."},
		{`PROTOCOL=TCP, RULE_TYPE=inbound, RANGE="65536"`, "RANGE out of bounds 0-65536."},
		{`PROTOCOL=TCP, RULE_TYPE=inbound, RANGE="9:8"`, "RANGE BEGIN value is greater than RANGE END value"},
		{`PROTOCOL=TCP, RULE_TYPE=inbound, RANGE="1:2,3:4,5:6,7:8,9:10,11:12,13:14,15"`, ""},
		{`PROTOCOL=TCP, RULE_TYPE=inbound, RANGE="1:2,3:4,5:6,7:8,9:10,11:12,13:14,15:16"`, "Not more than 15 ports can be specified in a RULE"},
		{`PROTOCOL=TCP, RULE_TYPE=inbound, ICMP_TYPE=8`, "ICMP_TYPE is supported only for ICMP protocol."},
		{`PROTOCOL=ICMP, RULE_TYPE=inbound, ICMP_TYPE=x`, "Wrong ICMP_TYPE, it must be integer"},
		{`PROTOCOL=ICMP, RULE_TYPE=inbound, ICMPV6_TYPE=8`, "ICMPV6_TYPE is supported only for ICMPV6 protocol."},
		{`PROTOCOL=ALL, RULE_TYPE=inbound, IP=10.0.0.0`, "Wrong or empty SIZE."},
		{`PROTOCOL=ALL, RULE_TYPE=inbound, IP=x, SIZE=1`, "Wrong format for IP value."},
		{`PROTOCOL=ALL, RULE_TYPE=inbound, NETWORK_ID=x`, "Wrong NETWORK_ID."},
	} {
		if _, got := allocate(t, open(t), "NAME=g\nRULE=["+c.rule+"]"); got != c.want {
			t.Errorf("[%s]: got %q, want %q", c.rule, got, c.want)
		}
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	st := open(t)
	for _, c := range []struct{ template, want string }{
		{"NAME=sg1", ""},
		{"NAME=sg1", "NAME is already taken by SecurityGroup 100."},
		{"A=1", "Invalid NAME, it cannot be empty"},
	} {
		if _, got := allocate(t, st, c.template); got != c.want {
			t.Errorf("%q: got %q, want %q", c.template, got, c.want)
		}
	}
}

func TestCloneAndUpdate(t *testing.T) {
	t.Parallel()
	st := open(t)
	const rule = "\nRULE=[PROTOCOL=ALL, RULE_TYPE=inbound]"
	first, msg := allocate(t, st, "NAME=sg1\nDESCRIPTION=web"+rule+rule+"\nRULE=[PROTOCOL=TCP, RULE_TYPE=inbound]")
	if msg != "" {
		t.Fatal(msg)
	}
	second := -1
	msg = do(t, st, func(tx *store.Tx) (err error) {
		second, err = secgroup.Clone(tx, caller, first, "sg2")
		return err
	})
	if msg != "" {
		t.Fatal(msg)
	}
	msg = do(t, st, func(tx *store.Tx) error {
		return secgroup.Update(tx, first, "RULE=[PROTOCOL=XXX, RULE_TYPE=inbound]", false)
	})
	if want := "Cannot update template. Wrong PROTOCOL in rule. Valid options: TCP, UDP, ICMP, ICMPV6, IPSEC, ALL."; msg != want {
		t.Errorf("a wrong rule: got %q, want %q", msg, want)
	}
	do(t, st, func(tx *store.Tx) error { return secgroup.Update(tx, first, "DESCRIPTION=ssh", false) })
	for id, want := range map[int]int{first: 0, second: 2} { // the duplicate rule was dropped when the first group was made
		g, err := secgroup.Kind.Get(st.Read(), id)
		if err != nil || len(g.Template.Named("RULE")) != want {
			t.Errorf("group %d: %v, %v; want %d rules", id, g, err, want)
		}
	}
}

func TestMembers(t *testing.T) {
	t.Parallel()
	st := open(t)
	group, _ := allocate(t, st, "NAME=g")
	check := func(when string, want map[secgroup.Rules][]int) {
		t.Helper()
		got := map[secgroup.Rules][]int{}
		for _, rules := range []secgroup.Rules{secgroup.Updated, secgroup.Outdated, secgroup.Updating, secgroup.Failed} {
			if vms := slices.Collect(secgroup.MembersWith(st.Read(), group, rules)); vms != nil {
				got[rules] = vms
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", when, diff)
		}
	}
	do(t, st, func(tx *store.Tx) error {
		for vm := range 4 {
			secgroup.Join(tx, group, vm)
		}
		secgroup.Join(tx, 4242, 1) // the group does not exist
		return nil
	})
	check("joined", map[secgroup.Rules][]int{secgroup.Updated: {0, 1, 2, 3}})
	do(t, st, func(tx *store.Tx) error { return secgroup.Commit(tx, group, false) })
	check("committed", map[secgroup.Rules][]int{secgroup.Outdated: {0, 1, 2, 3}})
	do(t, st, func(tx *store.Tx) error {
		secgroup.Mark(tx, group, 0, secgroup.Updated)
		secgroup.Mark(tx, group, 1, secgroup.Failed)
		secgroup.Mark(tx, group, 2, secgroup.Updating)
		secgroup.Mark(tx, group, 3, secgroup.Updated)
		return secgroup.Commit(tx, group, true)
	})
	check("recovered", map[secgroup.Rules][]int{secgroup.Updated: {0, 3}, secgroup.Outdated: {1, 2}})
	del := func() string {
		return do(t, st, func(tx *store.Tx) error { return secgroup.Delete(tx, group) })
	}
	if got, want := del(), "Cannot delete security group. The security group has VMs using it"; got != want {
		t.Errorf("delete: got %q, want %q", got, want)
	}
	do(t, st, func(tx *store.Tx) error {
		for vm := range 4 {
			secgroup.Leave(tx, group, vm)
		}
		return nil
	})
	if got := del(); got != "" {
		t.Errorf("delete of a group without members: %q", got)
	}
	if n := secgroup.Members.Len(st.Read()); n != 0 {
		t.Errorf("%d members are left", n)
	}
}

func TestSetup(t *testing.T) {
	t.Parallel()
	st := open(t)
	for range 2 { // the second changes nothing
		do(t, st, func(tx *store.Tx) error { secgroup.Setup(tx); return nil })
	}
	g, err := secgroup.Kind.Get(st.Read(), secgroup.DefaultID)
	if err != nil || g.Name != "default" || len(g.Template.Vectors("RULE")) != 2 {
		t.Fatalf("default group: %+v, %v", g, err)
	}
	got := do(t, st, func(tx *store.Tx) error { return secgroup.Delete(tx, secgroup.DefaultID) })
	if want := "Cannot delete security group. The default security group (ID 0) cannot be deleted."; got != want {
		t.Errorf("delete: got %q, want %q", got, want)
	}
	c := g.Clone()
	c.Template.Set("DESCRIPTION", "")
	if g.Template.Get("DESCRIPTION") == "" {
		t.Error("a change of the clone reached the original")
	}
}
