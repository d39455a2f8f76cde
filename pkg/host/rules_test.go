package host_test

import (
	"strings"
	"testing"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/cluster"
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/store/memlog"
)

// TestNames: hosts have DNS names, except those of OpenNebula 2.2, which keep their names.
func TestNames(t *testing.T) {
	t.Parallel()
	st, err := store.Open(store.Options{Log: memlog.New(), Tables: []store.AnyTable{host.Kind.Table, cluster.Kind.Table}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	allocate := func(name string, legacy attr.Template) string {
		err := st.Update(t.Context(), func(tx *store.Tx) error {
			cluster.Setup(tx)
			_, err := host.Allocate(tx, host.New{Name: name, IMMad: "dummy", VMMad: "dummy", ClusterID: cluster.None, Legacy: legacy})
			return err
		})
		if err == nil {
			return ""
		}
		return strings.TrimPrefix(err.Error(), "Error allocating a new host. Invalid HOSTNAME, ")
	}
	const length = "HOSTNAME length should be greater than 1, but smaller than 64 characters"
	for name, want := range map[string]string{
		"node-1.example_a": "", strings.Repeat("n", 63): "", strings.Repeat("n", 64): length, "x": length, "": length,
		".a": "first character can't be '.'", "a-": "last character can't be '-'", "a b": "' ' is invalid character for a HOSTNAME",
		"a/b": "'/' is invalid character for a HOSTNAME",
	} {
		if got := allocate(name, nil); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
	var words attr.Template
	words.Set("IM_MAD", "im_dummy")
	if got := allocate("x", words); got != "" {
		t.Errorf("a host of 2.2: %q", got)
	}
}
