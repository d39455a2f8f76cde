package object_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
)

func TestNamesAreUniqueWithinTheirScope(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		kind   *object.Kind[thing]
		second *one.Caller
		taken  bool
	}{
		"free, same owner":      {free, alice, false},
		"per owner, same owner": {owned, alice, true},
		"per owner, another":    {owned, bob, false},
		"global, another":       {general, bob, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			add(t, s, c.kind, alice, "x")
			err := try(t, s, func(tx *store.Tx) error { _, err := addTo(tx, c.kind, c.second, "x"); return err })
			if strings.HasPrefix(err, "NAME is already taken by ") != c.taken {
				t.Errorf("the answer is %q", err)
			}
		})
	}
}

func TestRenameAndChownKeepNamesUnique(t *testing.T) {
	t.Parallel()
	s := open(t)
	a, b := add(t, s, owned, alice, "a"), add(t, s, owned, alice, "b")
	bobs := add(t, s, owned, bob, "a")
	got := map[string]string{
		"rename to a taken name": try(t, s, func(tx *store.Tx) error { return owned.Rename(tx, alice, b, "a") }),
		"rename to itself":       try(t, s, func(tx *store.Tx) error { return owned.Rename(tx, alice, b, "b") }),
		"give to one who has it": try(t, s, func(tx *store.Tx) error {
			return owned.Chown(tx, oneadmin, a, object.Ownership{UID: bob.UID, GID: -1, UName: "bob"})
		}),
		"give to its owner": try(t, s, func(tx *store.Tx) error {
			return owned.Chown(tx, oneadmin, bobs, object.Ownership{UID: bob.UID, GID: -1, UName: "bob"})
		}),
		"rename none": try(t, s, func(tx *store.Tx) error { return owned.Rename(tx, alice, 9, "c") }),
	}
	onlyOne := add(t, s, general, alice, "only")
	got["give what is called so among all"] = try(t, s, func(tx *store.Tx) error {
		return general.Chown(tx, oneadmin, onlyOne, object.Ownership{UID: bob.UID, GID: -1, UName: "bob"})
	})
	want := map[string]string{
		"give what is called so among all": "",
		"rename to a taken name":           "image cannot be renamed to a because it collides with image 100",
		"rename to itself":                 "",
		"give to one who has it":           "user [3] already owns image [102] with NAME a",
		"give to its owner":                "",
		"rename none":                      "Error getting image [9].",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("wrong answers:\n%s", diff)
	}
	if v, _ := owned.Get(s.Read(), a); v.UID != alice.UID || v.Name != "a" {
		t.Errorf("the refused gift changed %+v", v)
	}
}

func TestNamesThatNoneMayHave(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"":                       "Invalid NAME, it cannot be empty",
		strings.Repeat("x", 129): "Invalid NAME, max length is 128 chars",
		"a/b":                    "Invalid NAME, char '/' is not allowed",
		"a\nb":                   "Invalid NAME, char '\n' is not allowed",
		"a@b":                    "Invalid NAME, char '@' is not allowed",
		strings.Repeat("x", 128): "",
		"ünïcode name-1.2_3":     "",
	} {
		got := ""
		if err := object.CheckName(name, "@"); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%.20q: %q, want %q", name, got, want)
		}
	}
}

// TestIDsAreNeverGivenTwice deletes the newest object, and restarts.
func TestIDsAreNeverGivenTwice(t *testing.T) {
	t.Parallel()
	log := memlog.New()
	s := openOn(t, log)
	remove := func(id int) {
		t.Helper()
		if err := try(t, s, func(tx *store.Tx) error { owned.Remove(tx, id); return nil }); err != "" {
			t.Fatal(err)
		}
	}
	var ids []int
	for range 2 {
		id := add(t, s, owned, alice, "x")
		ids = append(ids, id)
		remove(id)
		s.Close()
		s = openOn(t, log)
	}
	ids = append(ids, add(t, s, owned, alice, "x"), add(t, s, free, alice, "x"))
	if diff := cmp.Diff([]int{100, 101, 102, 0}, ids); diff != "" {
		t.Errorf("wrong IDs:\n%s", diff)
	}
}

func TestRefusedObjectTakesNoID(t *testing.T) {
	t.Parallel()
	s := open(t)
	add(t, s, owned, alice, "x")
	if err := try(t, s, func(tx *store.Tx) error { _, err := addTo(tx, owned, alice, "x"); return err }); err == "" {
		t.Fatal("the name was given twice")
	}
	if id := add(t, s, owned, alice, "y"); id != 101 {
		t.Errorf("the next ID is %d, want 101", id)
	}
}
