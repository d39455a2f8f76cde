package vm

import (
	"strings"
	"testing"

	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Errors about the host are reported before those about the datastore.
func TestMigrateChecksTheHostFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.running("CPU=1\nMEMORY=64\nNIC=[NETWORK_ID=0]")
	w.must(func(tx *store.Tx) error {
		host.Kind.Put(tx, &host.Host{Meta: object.Meta{ID: 2, Name: "elsewhere"}, ClusterID: 100, State: one.HostMonitored, VMMad: "kvm"})
		return nil
	})
	const imageStore = 1
	for _, c := range []struct {
		host int
		want string
	}{
		{2, "Host is in cluster [100], and VM requires to be placed on cluster [0]"},
		{1, "Trying to use datastore [1] to deploy the VM, but it is not of type system datastore."},
	} {
		err := w.update(func(tx *store.Tx) error {
			return Migrate(tx, w.s, oneadmin, id, Migration{HostID: c.host, DSID: imageStore})
		})
		if err == nil || !strings.HasSuffix(err.Error(), c.want) {
			t.Errorf("to host %d and an image datastore: %v; want %q", c.host, err, c.want)
		}
	}
}
