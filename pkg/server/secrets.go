package server

import (
	"context"
	"errors"
	"path/filepath"

	"github.com/renkei-vpe/renkei/pkg/cluster"
	"github.com/renkei-vpe/renkei/pkg/config"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/document"
	"github.com/renkei-vpe/renkei/pkg/dump"
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/schema"
	"github.com/renkei-vpe/renkei/pkg/secret"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/template"
	"github.com/renkei-vpe/renkei/pkg/user"
	"github.com/renkei-vpe/renkei/pkg/vm"
	"github.com/renkei-vpe/renkei/pkg/vntemplate"
)

// keyFile is the file in a data folder with the key for encrypted attributes.
var keyFile = filepath.Join(".one", "one_key")

// encrypted are the attributes that are encrypted, by table: those of the settings, or
// oned.conf's.
func encrypted(c config.Secrets) map[string]secret.Names {
	vms := given(c.VM, secret.Names{"CONTEXT/PASSWORD", "ONEAPP_ONEKS_CLUSTER_SPEC"})
	nets := given(c.VNet, secret.Names{})
	return map[string]secret.Names{
		vm.Kind.Table.Name():         vms,
		vm.Accounts.Name():           vms,
		template.Kind.Table.Name():   vms,
		document.Kind.Table.Name():   given(c.Document, secret.Names{"PROVISION_BODY"}),
		user.Kind.Table.Name():       given(c.User, secret.Names{"SSH_PRIVATE_KEY", "SSH_PASSPHRASE"}),
		datastore.Kind.Table.Name():  given(c.Datastore, secret.Names{"RESTIC_PASSWORD", "NETAPP_PASS", "PUREFA_API_TOKEN"}),
		cluster.Kind.Table.Name():    given(c.Cluster, secret.Names{}),
		host.Kind.Table.Name():       given(c.Host, secret.Names{}),
		image.Kind.Table.Name():      given(c.Image, secret.Names{}),
		network.Kind.Table.Name():    nets,
		vntemplate.Kind.Table.Name(): nets,
	}
}

// openStore opens the store on a log, which is closed with it, and the vault for encrypted
// attributes.
func openStore(file store.Log, c config.Config) (*store.Store, *secret.Vault, error) {
	path := filepath.Join(c.Data, keyFile)
	key, err := secret.Find(path)
	if err != nil {
		return nil, nil, errors.Join(err, file.Close())
	}
	secrets := secret.NewVault(key, encrypted(c.Secrets))
	st, err := store.Open(store.Options{Log: file, Tables: schema.Tables(), Triggers: []func(*store.Tx){drawings().Watch}, Guard: secrets})
	if err != nil {
		return nil, nil, errors.Join(err, file.Close())
	}
	if err := key.Settle(context.Background(), st, path); err != nil {
		return nil, nil, errors.Join(err, st.Close())
	}
	return st, secrets, nil
}

// export writes a store's rows into a new folder, with the key for encrypted attributes. If
// there is no key, the rest is exported all the same.
func export(data, dir string, r store.Reader) (m dump.Manifest, err error) {
	if m, err = dump.Write(dir, r, schema.Tables()); err != nil {
		return m, err
	}
	return m, copyKey(filepath.Join(data, keyFile), filepath.Join(dir, dump.KeyFile))
}

// takeKey copies the key of an export into a data folder.
func takeKey(data, dir string) error {
	return copyKey(filepath.Join(dir, dump.KeyFile), filepath.Join(data, keyFile))
}

// copyKey copies a key, if there is one, unless there is another one at its destination.
func copyKey(from, to string) error {
	key, err := secret.Load(from)
	if errors.Is(err, secret.ErrNoKey) {
		return nil
	}
	if err != nil {
		return err
	}
	if there, err := secret.Load(to); err == nil && there == key {
		return nil
	}
	return key.Save(to)
}
