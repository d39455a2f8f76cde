package vm

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/secgroup"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// rules lists the members of the default security group by the state of their rules.
func (w *world) rules() map[secgroup.Rules][]int {
	got := map[secgroup.Rules][]int{}
	for r := secgroup.Updated; r <= secgroup.Failed; r++ {
		if ids := slices.Collect(secgroup.MembersWith(w.store.Read(), 0, r)); ids != nil {
			got[r] = ids
		}
	}
	return got
}

// commit updates and commits the default security group.
func (w *world) commit(recovery bool) {
	w.must(func(tx *store.Tx) error {
		if err := secgroup.Commit(tx, 0, recovery); err != nil {
			return err
		}
		return Propagate(tx, 0)
	})
}

// told ends the current effect of the group and returns its VM.
func (w *world) told(err error) string {
	list := effect.Of(w.store.Read(), one.KindSecGroup, 0)
	if len(list) != 1 {
		w.tb.Fatalf("the group has %d effects, want one", len(list))
	}
	w.must(func(tx *store.Tx) error {
		effect.Done(tx, list[0].ID)
		return RulesSettled(tx, list[0], err)
	})
	return list[0].Args[ArgVM]
}

func TestCommitUpdatesTheMembersOneByOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const nic = "CPU=1\nMEMORY=64\nNIC=[NETWORK_ID=0,NETWORK_UNAME=oneadmin]"
	first, waiting, second := w.running(nic), w.allocate(nic, true), w.running(nic)
	booting := w.allocate(nic, true)
	w.must(func(tx *store.Tx) error { return Deploy(tx, w.s, oneadmin, booting, Deployment{HostID: 0, DSID: -1}) })
	w.settle(booting, nil, nil) // prolog has ended
	w.must(func(tx *store.Tx) error {
		return secgroup.Update(tx, 0, "RULE=[PROTOCOL=TCP,RULE_TYPE=inbound,RANGE=22]", false)
	})
	w.commit(false)
	check := func(when string, want map[secgroup.Rules][]int) {
		t.Helper()
		if diff := cmp.Diff(want, w.rules()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", when, diff)
		}
		w.audit()
	}
	check("committed", map[secgroup.Rules][]int{secgroup.Updating: {first}, secgroup.Outdated: {waiting, second, booting}})
	if got := w.told(nil); got != decimal(first) {
		t.Errorf("VM %s was updated first, want %d", got, first)
	}
	check("after the first update", map[secgroup.Rules][]int{secgroup.Updated: {first, waiting}, secgroup.Updating: {second}, secgroup.Outdated: {booting}})
	w.told(errors.New("no such chain"))
	check("after a failed update", map[secgroup.Rules][]int{secgroup.Updated: {first, waiting}, secgroup.Failed: {second, booting}})
	for _, id := range []int{first, waiting, second} {
		rules := w.vm(id).Template.Vectors("SECURITY_GROUP_RULE")
		if len(rules) != 1 || rules[0].Get("RANGE") != "22" {
			t.Errorf("VM %d has the rules %v", id, rules)
		}
	}
	w.run(booting)
	w.commit(true)
	w.told(nil)
	w.told(nil)
	check("recovered", map[secgroup.Rules][]int{secgroup.Updated: {first, waiting, second, booting}})
}

func TestAttachAndDetachGroup(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.must(func(tx *store.Tx) error {
		_, err := secgroup.Allocate(tx, alice, template("NAME=web\nRULE=[PROTOCOL=TCP,RULE_TYPE=inbound,RANGE=80]"))
		return err
	})
	id := w.running("CPU=1\nMEMORY=64\nNIC=[NETWORK_ID=0]")
	change := func(rule func(*store.Tx, int, int, int) error, nic int) string {
		if err := w.update(func(tx *store.Tx) error { return rule(tx, id, nic, 100) }); err != nil {
			return err.Error()
		}
		return ""
	}
	for _, c := range []struct {
		rule func(*store.Tx, int, int, int) error
		nic  int
		want string
	}{
		{AttachGroup, 7, "VM 0 doesn't have NIC id 7"},
		{DetachGroup, 0, "VM 0 NIC 0 doesn't contain SG 100"},
		{AttachGroup, 0, ""},
		{AttachGroup, 0, "VM 0 SG 100 already in NIC 0"},
		{DetachGroup, 0, ""},
	} {
		if got := change(c.rule, c.nic); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
		w.audit()
	}
	if n := len(effect.Of(w.store.Read(), one.KindSecGroup, 100)); n != 2 {
		t.Errorf("the host is updated %d times, want 2: once for each change", n)
	}
}
