package attr

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func sample() Template {
	return Template{
		single("A", "1"), single("B", " 2"), single("BIG", "1e3"), single("BOOL", "yes"),
		vector("D", "ID", "7", "ON", "Yes", "X", ""), single("D", "plain"), vector("D", "ID", "8"),
		single("E", "0x10"), single("F", "1.5 "), single("G", ""),
	}
}

func TestLookups(t *testing.T) {
	t.Parallel()
	tree := sample()
	if v, ok := tree.Lookup("D"); v != "plain" || !ok {
		t.Errorf("Lookup passes vectors over, got %q, %v", v, ok)
	}
	if v, ok := tree.Lookup("C"); v != "" || ok {
		t.Errorf("Lookup of nothing = %q, %v", v, ok)
	}
	if v := tree.Vector("D"); v != &tree[4] || v.Get("ID") != "7" {
		t.Errorf("Vector = %v", v)
	}
	if vs := tree.Vectors("D"); len(vs) != 2 || vs[1] != &tree[6] {
		t.Errorf("Vectors = %v", vs)
	}
	if v := tree.Vector("A"); v != nil || v.Get("ID") != "" {
		t.Errorf("a single attribute is no vector: %v", v)
	}
	if !tree.Has("G") || tree.Has("H") || len(tree.Named("D")) != 3 || tree.Empty() || !(Template{}).Empty() {
		t.Error("Has, Named or Empty is wrong")
	}
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	type number struct {
		Int     int
		IsInt   bool
		Float   float64
		IsFloat bool
	}
	tree := sample()
	for name, want := range map[string]number{
		"A":   {1, true, 1, true},
		"B":   {2, true, 2, true}, // blanks before a number are allowed
		"BIG": {0, false, 1000, true},
		"E":   {}, // hexadecimal numbers are not allowed
		"F":   {}, // nothing may follow a number
		"G":   {},
		"H":   {},
	} {
		var got number
		got.Int, got.IsInt = tree.Int(name)
		got.Float, got.IsFloat = tree.Float(name)
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
}

func TestNumbersOfVectors(t *testing.T) {
	t.Parallel()
	v := sample().Vector("D")
	if n, ok := v.Int("ID"); n != 7 || !ok {
		t.Errorf("Int = %v, %v", n, ok)
	}
	if f, ok := v.Float("ID"); f != 7 || !ok {
		t.Errorf("Float = %v, %v", f, ok)
	}
	if _, ok := v.Int("X"); ok {
		t.Error("an empty value is a number")
	}
}

func TestBool(t *testing.T) {
	t.Parallel()
	type answer struct{ V, OK bool }
	tree := sample()
	for name, want := range map[string]answer{"BOOL": {true, true}, "A": {false, true}, "G": {false, true}, "H": {}, "D": {false, true}} {
		var got answer
		if got.V, got.OK = tree.Bool(name); got != want {
			t.Errorf("Bool(%s) = %v, want %v", name, got, want)
		}
	}
	for key, want := range map[string]answer{"ON": {true, true}, "ID": {false, true}, "X": {}, "Y": {}} {
		var got answer
		if got.V, got.OK = tree.Vector("D").Bool(key); got != want {
			t.Errorf("key %s: Bool = %v, want %v", key, got, want)
		}
	}
}

func TestEdit(t *testing.T) {
	t.Parallel()
	var tree Template
	tree.Add(single("b", "1"))
	tree.Add(single("A", "1"))
	tree.Add(Attr{Name: "B", IsVector: true, Vector: []Pair{{"Z", "1"}, {"Y", "1"}, {"Z", "2"}}})
	tree.Add(single("A", "2"))
	want := Template{single("A", "1"), single("A", "2"), single("B", "1"), vector("B", "Y", "1", "Z", "2")}
	diff(t, "Add", want, tree)
	tree.Set("A", "3")
	tree.SetVector("C", Pair{"K", "v"})
	diff(t, "Set", Template{single("A", "3"), want[2], want[3], vector("C", "K", "v")}, tree)
	tree.KeepLast()
	diff(t, "KeepLast", Template{single("A", "3"), want[3], vector("C", "K", "v")}, tree)
	if n := tree.Del("B") + tree.Del("B"); n != 1 {
		t.Errorf("Del removed %d", n)
	}
	if n := tree.DelFunc(func(a *Attr) bool { return a.IsVector }); n != 1 {
		t.Errorf("DelFunc removed %d", n)
	}
	diff(t, "Del", Template{single("A", "3")}, tree)
}

func TestMerge(t *testing.T) {
	t.Parallel()
	tree := Template{single("A", "1"), single("B", "1"), vector("D", "K", "1"), vector("D", "K", "2"), vector("E", "K", "1")}
	from := Template{single("B", "2"), single("B", "3"), single("C", ""), vector("D", "L", "1"), vector("E")}
	tree.Merge(from)
	diff(t, "Merge", Template{single("A", "1"), single("B", "2"), single("B", "3"), single("C", ""), vector("D", "L", "1")}, tree)
	tree.Vector("D").Set("L", "changed")
	if from.Vector("D").Get("L") != "1" {
		t.Error("a change after Merge reached the source")
	}
}

func TestVectorEdit(t *testing.T) {
	t.Parallel()
	v := NewVector("disk", Pair{"B", "1"}, Pair{"A", "1"})
	v.Set("C", "1")
	v.Set("A", "2")
	if !v.Del("B") || v.Del("B") {
		t.Error("Del is wrong about what was there")
	}
	diff(t, "Set, Del", vector("DISK", "A", "2", "C", "1"), v)
	from := NewVector("X", Pair{"A", "3"}, Pair{"D", "1"})
	kept, replaced := v.Clone(), v.Clone()
	kept.Merge(&from, false)
	kept.Merge(nil, true)
	replaced.Merge(&from, true)
	diff(t, "Merge", vector("DISK", "A", "2", "C", "1", "D", "1"), kept)
	diff(t, "Merge, replace", vector("DISK", "A", "3", "C", "1", "D", "1"), replaced)
}

func TestCloneSharesNothing(t *testing.T) {
	t.Parallel()
	tree := typical(t)
	c := tree.Clone()
	for _, v := range c.Vectors("DISK") {
		v.Set("NEW", "1")
		v.Set("SIZE", "0")
	}
	c.Set("NAME", "other")
	c.Del("NIC")
	diff(t, "the original after changes of its clone", typical(t), tree)
	if c.Equal(tree) || Template(nil).Clone() != nil {
		t.Error("Clone or Equal is wrong")
	}
}

// The order is that of a stable sort by name.
func TestAddKeepsOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		names := rapid.SliceOf(rapid.SampledFrom([]string{"A", "B", "C"})).Draw(t, "names")
		var got Template
		for i, n := range names {
			got.Add(single(n, string(rune('a'+i%26))))
		}
		var want Template
		for _, n := range []string{"A", "B", "C"} {
			for i := range names {
				if names[i] == n {
					want = append(want, single(n, string(rune('a'+i%26))))
				}
			}
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("(-want +got):\n%s", d)
		}
	})
}

func diff(t *testing.T, what string, want, got any) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

// A template that was built step by step is copied without spare capacity.
func TestTightTakesNoMoreThanItNeeds(t *testing.T) {
	t.Parallel()
	var grown Template
	for i := range 40 {
		grown.Set(fmt.Sprintf("NAME%02d", i), "v")
		grown.SetVector("V")
		for j := range i {
			grown.Vector("V").Set(fmt.Sprintf("KEY%02d", j), "v")
		}
	}
	tight := grown.Tight()
	if !tight.Equal(grown) {
		t.Errorf("it is another template:\n%v\n%v", tight, grown)
	}
	if v := tight.Vector("V"); cap(v.Vector) != len(v.Vector) || cap(tight) > len(tight)+len(tight)/4 {
		t.Errorf("room for %d pairs beyond %d, for %d attributes beyond %d", cap(v.Vector)-len(v.Vector), len(v.Vector), cap(tight)-len(tight), len(tight))
	}
	if again := tight.Tight(); &again[0] != &tight[0] {
		t.Error("what is tight is copied once more")
	}
}
