package one22

import (
	"strings"
	"testing"

	"github.com/renkei-vpe/renkei/pkg/secret"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// seal stores VM 0 with encrypted attributes.
func (w *world) seal(vault *secret.Vault, change func(*vm.VM)) {
	w.t.Helper()
	w.do(func(tx *store.Tx) error {
		v, err := vm.Kind.Edit(tx, 0)
		if err != nil {
			return err
		}
		change(v)
		vault.Seal(vm.Kind.Table.Name(), v)
		vm.Kind.Put(tx, v)
		return nil
	})
}

// TestOwnersReadTheirSecrets: owners see the encrypted attributes that they wrote with 2.2's
// tools; nobody else does, and nothing that was rendered for them is shown to others.
func TestOwnersReadTheirSecrets(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	vault := secret.NewVault(secret.NewKey(), map[string]secret.Names{vm.Kind.Table.Name(): {"CONTEXT/PASSWORD"}})
	w.server.VMs.Secrets = vault
	w.play(`alice one.vm.allocate NAME=a;CPU=1;MEMORY=64;CONTEXT=[PASSWORD="sesame",H="x"] => 0`)
	w.seal(vault, func(*vm.VM) {})
	shown := func(who, method string, args ...any) bool {
		text := w.call(who, method, args...)
		if !strings.Contains(text, "PASSWORD") {
			t.Errorf("%s of %s shows no password at all: %s", method, who, text)
		}
		return strings.Contains(text, "sesame")
	}
	for who, want := range map[string]bool{"alice": true, "oneadmin": true, "bob": false} {
		if got := shown(who, "one.vm.info", int32(0)); got != want {
			t.Errorf("%s reads the password: %v, want %v", who, got, want)
		}
		if shown(who, "one.vmpool.info", int32(-2), true, int32(-1)) {
			t.Errorf("the pool shows %s the password", who)
		}
	}
	w.seal(vault, func(v *vm.VM) { v.Legacy = nil }) // as if it were made in another dialect
	if shown("alice", "one.vm.info", int32(0)) {
		t.Error("the secret of a template is shown to whoever made a VM of it")
	}
}
