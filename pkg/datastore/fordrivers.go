package datastore

import (
	"github.com/renkei-vpe/renkei/drivers"
	"github.com/renkei-vpe/renkei/pkg/secret"
)

// ForDrivers is the datastore as drivers get it, with its encrypted attributes decrypted.
func (d *Datastore) ForDrivers(secrets *secret.Vault) drivers.Datastore {
	own := *d
	secrets.Open(Kind.Table.Name(), &own)
	return drivers.Datastore{ID: own.ID, Attrs: own.Template, Path: own.BasePath}
}
