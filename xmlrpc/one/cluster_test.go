package one

import (
	"testing"

	"github.com/renkei-vpe/renkei/pkg/cluster"
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// TestPinnedHostsAreNotPlannedFor: a cluster with a pinned host accepts no ONE_DRS, because the
// VMs there must not be moved.
func TestPinnedHostsAreNotPlannedFor(t *testing.T) {
	t.Parallel()
	const drs = "ONE_DRS=[POLICY=pack,AUTOMATION=manual]"
	f := newVMFace(t)
	pin := func(policy string) {
		t.Helper()
		err := f.s.Store.Update(t.Context(), func(tx *store.Tx) error {
			cluster.Kind.Put(tx, &cluster.Cluster{Meta: object.Meta{ID: 100, Name: "site"}})
			h := &host.Host{Meta: object.Meta{ID: 7, Name: "node7"}, ClusterID: 100}
			h.Template.Set("PIN_POLICY", policy)
			host.Kind.Put(tx, h)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	update := func(text string) string { return f.call("oneadmin", "one.cluster.update", int32(100), text, int32(1)) }
	pin("Pinned")
	if got, want := update(drs), "Cannot update template. Error cluster contains pinned host 7"; got != want {
		t.Errorf("with a pinned host: %s, want %s", got, want)
	}
	if got := update("COLOR=red"); got != "100" {
		t.Errorf("what is no ONE_DRS is refused: %s", got)
	}
	pin("NONE")
	if got := update(drs); got != "100" {
		t.Errorf("without a pinned host: %s", got)
	}
}
