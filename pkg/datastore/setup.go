package datastore

import (
	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/cluster"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Setup makes the three predefined datastores.
func Setup(tx *store.Tx, s Settings) error {
	for _, d := range []struct {
		id         int
		name, text string
	}{
		{SystemID, "system", "TYPE=SYSTEM_DS\nTM_MAD=local"},
		{DefaultID, "default", "TYPE=IMAGE_DS\nDS_MAD=fs\nTM_MAD=local"},
		{FilesID, "files", "TYPE=FILE_DS\nDS_MAD=fs\nTM_MAD=local"},
	} {
		if err := setup(tx, s, d.id, d.name, d.text); err != nil {
			return err
		}
	}
	return nil
}

func setup(tx *store.Tx, s Settings, id int, name, text string) error {
	t, err := attr.Parse(text)
	if err != nil {
		return err
	}
	d := &Datastore{Clusters: []int{cluster.DefaultID}, BasePath: s.Path(id)}
	d.Own(one.Oneadmin())
	d.Perms = object.PermsFromUmask(umask, false)
	d.ID, d.Name, d.Template = id, name, t
	if err := d.configure(s); err != nil {
		return err
	}
	defaultDirs(&d.Template)
	Kind.Put(tx, d)
	return nil
}
