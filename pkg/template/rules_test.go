package template

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

var (
	oneadmin = &one.Caller{Groups: []int{0}}
	alice    = &one.Caller{UID: 2, GID: 100, Groups: []int{100}}
)

func parse(t *testing.T, text string) attr.Template {
	t.Helper()
	tmpl, err := attr.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return tmpl
}

// Restricted attributes of the template may be repeated by its users, but not changed.
func TestRestrictedAttributes(t *testing.T) {
	t.Parallel()
	const given = "CPU=1\nNIC=[NETWORK_ID=0,MAC=\"02:00:00:00:00:01\"]"
	for name, c := range map[string]struct {
		by    *one.Caller
		extra string
		ok    bool
	}{
		"nothing":           {alice, "", true},
		"something else":    {alice, "CPU=2\nNOTE=x", true},
		"the same":          {alice, given, true},
		"another MAC":       {alice, "NIC=[NETWORK_ID=0,MAC=\"02:00:00:00:00:02\"]", false},
		"one more":          {alice, "NIC=[NETWORK_ID=0,MAC=\"02:00:00:00:00:01\"]\nNIC=[NETWORK_ID=1]", true},
		"raw data":          {alice, "RAW=[DATA=x]", false},
		"no administrators": {oneadmin, "RAW=[TYPE=kvm,DATA=x]", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			old := &Template{Meta: object.Meta{Template: parse(t, given)}}
			_, err := Merged(vm.DefaultSettings(), c.by, old, parse(t, c.extra))
			if (err == nil) != c.ok || err != nil && !errors.Is(err, &one.Error{Code: one.CodeAuthorization}) {
				t.Errorf("instantiating: %v; want ok: %v", err, c.ok)
			}
		})
	}
}

func TestMerged(t *testing.T) {
	t.Parallel()
	old := &Template{Meta: object.Meta{Template: parse(t, "CPU=1\nMEMORY=64\nDISK=[IMAGE_ID=0]\nDISK=[IMAGE_ID=1]")}}
	before := old.Clone()
	got, err := Merged(vm.DefaultSettings(), alice, old, parse(t, "MEMORY=128\nDISK=[IMAGE_ID=2]\nNOTE=x"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(parse(t, "CPU=1\nMEMORY=128\nDISK=[IMAGE_ID=2]\nNOTE=x"), got); diff != "" {
		t.Errorf("merged (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(before, old); diff != "" {
		t.Errorf("the template itself changed:\n%s", diff)
	}
}
