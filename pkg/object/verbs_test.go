package object_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

func TestLockBlocksItsLevelAndWhatIsStronger(t *testing.T) {
	t.Parallel()
	rights := []one.Right{one.Use, one.Manage, one.Admin, one.Create, one.UseNoLock, one.ManageNoLock}
	for level, want := range map[object.LockLevel][]bool{
		object.LockUse:    {true, true, true, true, false, false},
		object.LockManage: {false, true, true, true, false, false},
		object.LockAdmin:  {false, false, true, true, false, false},
	} {
		var got []bool
		for _, r := range rights {
			got = append(got, (&object.Lock{Level: level}).Blocks(r))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("level %d:\n%s", level, diff)
		}
	}
	if (*object.Lock)(nil).Blocks(one.Admin) {
		t.Error("no lock stands against something")
	}
}

func TestOnlyItsOwnerAndAdministratorsUnlock(t *testing.T) {
	t.Parallel()
	s := open(t)
	id := add(t, s, owned, alice, "x")
	lock := func(c *one.Caller, test bool) string {
		return try(t, s, func(tx *store.Tx) error { return owned.LockIt(tx, c, id, object.LockUse, test) })
	}
	unlock := func(c *one.Caller) string {
		return try(t, s, func(tx *store.Tx) error { return owned.Unlock(tx, c, id) })
	}
	since := lock(alice, false) + lock(alice, true)
	if v, _ := owned.Get(s.Read(), id); v.Lock == nil || v.Lock.Owner != alice.UID || since == "" {
		t.Fatalf("it is locked by %+v, testing says %q", v.Lock, since)
	}
	got := []string{
		lock(bob, false), unlock(bob), lock(oneadmin, false), unlock(alice), unlock(oneadmin), unlock(bob), unlock(oneadmin),
	}
	want := []string{
		"Error trying to lock the resource.", "Cannot unlock: Lock is owned by another user", "",
		"Cannot unlock: Lock is owned by another user", "", "Cannot unlock: Lock is owned by another user", "",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("wrong answers:\n%s", diff)
	}
}

// TestChmodSetsBits compares the nine arguments with a string of bits.
func TestChmodSetsBits(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		s := open(t)
		id := add(t, s, owned, alice, "x")
		want := []byte("110110110") // alice's umask is 0, and she is no administrator
		var bits [9]int
		for i := range bits {
			bits[i] = rapid.IntRange(-1, 1).Draw(rt, "bit")
			if bits[i] >= 0 {
				want[i] = byte('0' + bits[i])
			}
		}
		if err := try(t, s, func(tx *store.Tx) error { return owned.Chmod(tx, alice, id, bits) }); err != "" {
			rt.Fatal(err)
		}
		v, _ := owned.Get(s.Read(), id)
		var got []byte
		for _, class := range []uint{object.Owner, object.Group, object.Other} {
			for _, bit := range []object.Perms{4, 2, 1} {
				got = append(got, byte('0'+v.Perms.Bit(class, bit)))
			}
		}
		if string(got) != string(want) {
			rt.Errorf("%v makes %s, want %s", bits, got, want)
		}
	})
}

func TestChmodRefusesOtherValues(t *testing.T) {
	t.Parallel()
	s := open(t)
	id := add(t, s, owned, alice, "x")
	before, _ := owned.Get(s.Read(), id)
	if err := try(t, s, func(tx *store.Tx) error { return owned.Chmod(tx, alice, id, [9]int{0, 2}) }); err == "" {
		t.Error("2 is taken for a bit")
	}
	if after, _ := owned.Get(s.Read(), id); after.Perms != before.Perms {
		t.Errorf("the refused call left %o of %o", after.Perms, before.Perms)
	}
}

func TestUpdateReplacesOrMerges(t *testing.T) {
	t.Parallel()
	s := open(t)
	id := add(t, s, owned, alice, "x")
	show := func() string {
		v, _ := owned.Get(s.Read(), id)
		return strings.ReplaceAll(v.Template.Text(), "\n", " ")
	}
	update := func(text string, merge bool) string {
		return try(t, s, func(tx *store.Tx) error { return owned.Update(tx, alice, id, text, merge, nil) })
	}
	var got []string
	got = append(got, update("A=1\nB=2", false), show(), update("B=3\nC=4", true), show(), update("D=5", false), show(), update("", false), show())
	for i := range got {
		got[i] = strings.ReplaceAll(strings.TrimSpace(got[i]), `"`, "")
	}
	want := []string{"", "A=1 B=2", "", "A=1 B=3 C=4", "", "D=5", "", ""}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("wrong templates:\n%s", diff)
	}
	if err := update("A=[", false); err == "" {
		t.Error("a broken template was taken")
	}
}

// TestNobodyIsNoOwner: oned gives objects away to the user -2.
func TestNobodyIsNoOwner(t *testing.T) {
	t.Parallel()
	s := open(t)
	id := add(t, s, owned, alice, "x")
	for want, to := range map[string]object.Ownership{
		"User not found.": {UID: -2, GID: -1}, "Group not found.": {UID: -1, GID: -7}, "": {UID: -1, GID: -1},
	} {
		if got := try(t, s, func(tx *store.Tx) error { return owned.Chown(tx, oneadmin, id, to) }); got != want {
			t.Errorf("chown to %+v: got %q; want %q", to, got, want)
		}
	}
	if v, _ := owned.Get(s.Read(), id); v.UID != alice.UID {
		t.Errorf("the owner is %d; want alice", v.UID)
	}
}

// TestLocksHaveLevels: 4 means all, which is the lowest; the object comes before its level.
func TestLocksHaveLevels(t *testing.T) {
	t.Parallel()
	s := open(t)
	id := add(t, s, owned, alice, "x")
	lock := func(id, level int) string {
		return try(t, s, func(tx *store.Tx) error { return owned.LockIt(tx, oneadmin, id, object.LockLevel(level), false) })
	}
	got := []string{lock(id, 0), lock(id, 5), lock(-1, 5), lock(id, 4)}
	want := []string{"Wrong lock level specified", "Wrong lock level specified", "Error getting image Pool.", ""}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("wrong answers:\n%s", diff)
	}
	if v, _ := owned.Get(s.Read(), id); v.Lock == nil || v.Lock.Level != object.LockUse {
		t.Errorf("level 4 is kept as %+v", v.Lock)
	}
}

func TestVectorsThatHoldNothingAreNotKept(t *testing.T) {
	t.Parallel()
	s := open(t)
	id := add(t, s, owned, alice, "x")
	if err := try(t, s, func(tx *store.Tx) error { return owned.Update(tx, alice, id, "A=[ ]\nB=\"\"\nC=[D=1]", false, nil) }); err != "" {
		t.Fatal(err)
	}
	if v, _ := owned.Get(s.Read(), id); v.Template.Has("A") || !v.Template.Has("B") || !v.Template.Has("C") {
		t.Errorf("kept is %s", v.Template.Text())
	}
}
