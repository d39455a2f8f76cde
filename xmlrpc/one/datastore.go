package one

import (
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/image"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
	"github.com/renkei-vpe/renkei/xmlrpc"
	"github.com/renkei-vpe/renkei/xmlrpc/one/render"
)

func datastoreMethods() []method {
	return []method{
		{
			name: "one.datastore.allocate", params: params(pTemplate, xmlrpc.Param{Name: "cluster id, -1 default", Type: xmlrpc.Int}),
			may: all(createFrom(one.KindDatastore, 1), onCluster(2)), do: change(datastoreAllocate),
		},
		{name: "one.datastore.delete", params: params(pID), may: on(datastore.Kind, one.Manage, 1), do: deletingResource(one.KindDatastore, datastoreDelete)},
		datastores.infoOf("datastore"),
		{
			name: "one.datastore.update", params: params(pID, pTemplate, pAppend),
			may: basic(datastore.Kind, one.Manage, 1), do: updating(datastoreUpdate),
		},
		{
			name: "one.datastore.enable", params: params(pID, xmlrpc.Param{Name: "enable", Type: xmlrpc.Bool}),
			may: basic(datastore.Kind, one.Manage, 1), do: change(datastoreEnable),
		},
		{name: "one.datastore.rename", params: params(pID, pName), may: on(datastore.Kind, one.Manage, 1), do: change(datastoreRename)},
		chmodOf("datastore", datastore.Kind),
		chownOf("datastore", datastore.Kind),
		datastores.poolOf("datastorepool"),
	}
}

var datastores = pool[datastore.Datastore]{kind: datastore.Kind, root: "DATASTORE_POOL", write: render.Datastore}

func datastoreAllocate(tx *store.Tx, s *Server, c *call) (int, error) {
	t, err := object.ParseTemplate(c.Text(1))
	if err != nil {
		return -1, err
	}
	return datastore.Allocate(tx, s.Datastores, c.Caller, t, c.Int(2))
}

func datastoreUpdate(tx *store.Tx, s *Server, c *call, merge bool) (int, error) {
	_, used := image.ByDatastore.First(tx, decimal(c.Int(1)))
	return c.Int(1), datastore.Update(tx, s.Datastores, c.Int(1), c.Text(2), merge, used)
}

// datastoreRename also has the images show the new name.
func datastoreRename(tx *store.Tx, _ *Server, c *call) (int, error) {
	if err := datastore.Kind.Rename(tx, c.Caller, c.Int(1), c.Text(2)); err != nil {
		return -1, err
	}
	image.DatastoreRenamed(tx, c.Int(1))
	return c.Int(1), nil
}

// datastoreDelete refuses while images, or disks of VMs, are in it.
func datastoreDelete(tx *store.Tx, _ *Server, c *call) (int, error) {
	holds := count(image.ByDatastore, tx, decimal(c.Int(1))) + count(vm.ByDatastore, tx, decimal(c.Int(1)))
	return c.Int(1), datastore.Delete(tx, c.Int(1), holds)
}

func datastoreEnable(tx *store.Tx, _ *Server, c *call) (int, error) {
	return c.Int(1), datastore.Enable(tx, c.Int(1), c.Bool(2))
}
