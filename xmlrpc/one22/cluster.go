package one22

import (
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/cluster"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/xmlrpc/one/render"
)

// In 2.2 a cluster is a name for some hosts, and networks and images are available
// everywhere. So a cluster created here gets the datastores of the default cluster, and
// all networks created here.

func clusterMethods() []method {
	return []method{
		{name: "one.cluster.allocate", class: "ClusterAllocate", params: texts("name"), do: change(clusterAllocate)},
		infoOf(cluster.Kind, "one.cluster.info", "ClusterInfo", "CLUSTER", writes(writeCluster)),
		{name: "one.cluster.delete", class: "ClusterDelete", params: ints("id"), do: change(clusterDelete)},
		{name: "one.cluster.add", class: "ClusterAdd", params: ints("host", "cluster"), do: change(clusterAdd)},
		{name: "one.cluster.remove", class: "ClusterRemove", params: ints("host"), do: change(clusterRemove)},
		poolOf(cluster.Kind, "one.clusterpool.info", "ClusterPoolInfo", "CLUSTER_POOL", writes(writeCluster)),
	}
}

func clusterAllocate(tx *store.Tx, _ *Server, c *call) (any, error) {
	if err := c.isOneadmin("CREATE", "CLUSTER", pool); err != nil {
		return nil, err
	}
	name := c.Text(1)
	if _, taken := cluster.Kind.Named(tx, name, 0); taken {
		return nil, failed("CREATE", "CLUSTER", unnamed, 0, " Could not allocate new cluster: "+name+", already exists.")
	}
	id, err := cluster.Allocate(tx, name)
	if err != nil {
		return nil, failed("CREATE", "CLUSTER", unnamed, 0, because(err))
	}
	return id, furnish(tx, id)
}

// furnish adds datastores and networks to a new cluster.
func furnish(tx *store.Tx, id int) error {
	for _, ds := range keys(datastore.ByCluster.Find(tx, strconv.Itoa(cluster.DefaultID))) {
		if err := datastore.Join(tx, ds, id); err != nil {
			return err
		}
	}
	for _, net := range keys(network.Kind.Table.All(tx)) {
		if n, err := network.Kind.Get(tx, net); err != nil || n.Legacy == nil {
			continue
		}
		if err := network.Join(tx, net, id); err != nil {
			return err
		}
	}
	return nil
}

// keys collects the IDs of rows before the rows are changed.
func keys[T any](rows func(func(*store.Row[T]) bool)) (ids []int) {
	for row := range rows {
		ids = append(ids, int(row.Key.A))
	}
	return ids
}

// clusterDelete returns the hosts to the default cluster.
func clusterDelete(tx *store.Tx, _ *Server, c *call) (any, error) {
	id := c.Int(1)
	if err := c.isOneadmin("DELETE", "CLUSTER", id); err != nil {
		return nil, err
	}
	if _, ok := cluster.Kind.Table.Get(tx, store.ID(id)); !ok || id == cluster.DefaultID {
		return nil, failed("DELETE", "CLUSTER", id, -1, "")
	}
	if err := empty(tx, id); err != nil {
		return nil, err
	}
	acl.ForgetObject(tx, one.KindCluster, id)
	return nothing, cluster.Delete(tx, id, nil)
}

// empty takes everything out of a cluster.
func empty(tx *store.Tx, id int) error {
	text := strconv.Itoa(id)
	for _, h := range keys(host.ByCluster.Find(tx, text)) {
		if err := host.SetCluster(tx, h, cluster.DefaultID); err != nil {
			return err
		}
	}
	for _, ds := range keys(datastore.ByCluster.Find(tx, text)) {
		if err := datastore.Leave(tx, ds, id); err != nil {
			return err
		}
	}
	for _, net := range keys(network.ByCluster.Find(tx, text)) {
		if err := network.Leave(tx, net, id); err != nil {
			return err
		}
	}
	return nil
}

func clusterAdd(tx *store.Tx, _ *Server, c *call) (any, error) {
	if err := c.isOneadmin("USE", "CLUSTER", c.Int(2)); err != nil {
		return nil, err
	}
	if err := knownHost(tx, c.Int(1)); err != nil {
		return nil, err
	}
	if _, ok := cluster.Kind.Table.Get(tx, store.ID(c.Int(2))); !ok {
		return nil, failed("USE", "CLUSTER", c.Int(2), -1, "")
	}
	return nothing, host.SetCluster(tx, c.Int(1), c.Int(2))
}

func clusterRemove(tx *store.Tx, _ *Server, c *call) (any, error) {
	if err := c.isOneadmin("MANAGE", "HOST", pool); err != nil {
		return nil, err
	}
	if err := knownHost(tx, c.Int(1)); err != nil {
		return nil, err
	}
	return nothing, host.SetCluster(tx, c.Int(1), cluster.DefaultID)
}

func writeCluster(w *render.Writer, _ store.Reader, cl *cluster.Cluster) {
	w.Open("CLUSTER")
	w.Int("ID", int64(cl.ID))
	w.Text("NAME", cl.Name)
	w.Close("CLUSTER")
}
