package one

import (
	"strings"
	"testing"
)

// Of several wrong arguments, the one that oned reads first is told.
func TestTheFirstReadOfWrongArgumentsIsTold(t *testing.T) {
	t.Parallel()
	f := newVMFace(t)
	wrong := []any{} // for any parameter
	zero := int32(0)
	for _, c := range []struct {
		method string
		args   []any
		want   string
	}{
		{"one.vm.update", []any{wrong, wrong, zero}, "integer"},
		{"one.vm.update", []any{zero, wrong, wrong}, "integer"},
		{"one.vm.lock", []any{zero, wrong, wrong}, "boolean"},
		{"one.vm.migrate", []any{wrong, zero, wrong}, "integer"},
		{"one.vm.migrate", []any{zero, wrong, wrong}, "boolean"},
		{"one.vm.disksaveas", []any{wrong, zero, "x", wrong, zero}, "a string"},
		{"one.vm.schedupdate", []any{zero, wrong, wrong}, "integer"},
		{"one.vm.schedupdate", []any{wrong, zero, wrong}, "a string"},
		{"one.vm.action", []any{wrong, wrong}, "integer"},
		{"one.vrouter.instantiate", []any{zero, zero, zero, wrong, wrong, ""}, "a string"},
		{"one.vrouter.instantiate", []any{zero, zero, wrong, "", wrong, ""}, "boolean"},
		{"one.vrouter.instantiate", []any{wrong, zero, zero, wrong, true, ""}, "integer"},
	} {
		if got := f.call("oneadmin", c.method, c.args...); !strings.Contains(got, "supposed to be "+c.want+" is not") {
			t.Errorf("%s %v: got %q; want to hear of %s", c.method, c.args, got, c.want)
		}
	}
	if got := f.call("oneadmin", "one.template.instantiate", zero); !strings.Contains(got, "Not enough parameters") {
		t.Errorf("instantiate without a name: %q", got)
	}
}
