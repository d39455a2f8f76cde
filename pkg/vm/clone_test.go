package vm

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/object"
)

// Overwriting everything in a clone must not change the original.
func TestCloneSharesNothing(t *testing.T) {
	t.Parallel()
	full := func() *VM {
		return &VM{
			Meta:    object.Meta{Name: "a", Lock: &object.Lock{Owner: 1}, Template: template("A=1\nV=[K=1]")},
			User:    template("B=1\nW=[K=1]"),
			History: []History{{HostName: "h"}}, SchedActions: []int{1}, Doing: map[string]string{"k": "v"},
			Snapshots: []image.Snapshots{{List: []image.Snapshot{{Children: []int{1}}}}},
			Backups:   Backups{Config: template("C=1"), IDs: []int{1}},
		}
	}
	v := full()
	scribble(reflect.ValueOf(v.Clone()).Elem())
	if diff := cmp.Diff(full(), v, cmp.AllowUnexported(attr.Attr{})); diff != "" {
		t.Errorf("the original changed (-was +is):\n%s", diff)
	}
	sample := func() *Sample { return &Sample{DiskSizesMiB: map[int]int64{0: 1}} }
	s := sample()
	scribble(reflect.ValueOf(s.Clone()).Elem())
	if diff := cmp.Diff(sample(), s); diff != "" {
		t.Errorf("the original sample changed (-was +is):\n%s", diff)
	}
}

// scribble overwrites everything in v, through pointers, slices and maps.
func scribble(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			scribble(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			scribble(v.Field(i))
		}
	case reflect.Slice:
		for i := range v.Len() {
			scribble(v.Index(i))
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			v.SetMapIndex(key, reflect.Zero(v.Type().Elem()))
		}
	case reflect.String:
		v.SetString(v.String() + " scribbled")
	case reflect.Int, reflect.Int64:
		v.SetInt(v.Int() + 99)
	}
}
