package one

import (
	"context"

	"github.com/renkei-vpe/renkei/pkg/acl"
	"github.com/renkei-vpe/renkei/pkg/cluster"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/plan"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/xmlrpc"
	"github.com/renkei-vpe/renkei/xmlrpc/one/render"
)

func clusterMethods() []method {
	return []method{
		{
			name: "one.cluster.allocate", params: params(xmlrpc.Param{Name: "cluster name", Type: xmlrpc.String}),
			may: create(one.KindCluster), do: change(clusterAllocate),
		},
		{name: "one.cluster.delete", params: params(pID), may: on(cluster.Kind, one.Admin, 1), do: deletingResource(one.KindCluster, clusterDelete)},
		clusterInfo(),
		{
			name: "one.cluster.update", params: params(pID, pTemplate, pAppend),
			may: basic(cluster.Kind, one.Manage, 1), do: updating(clusterUpdate),
		},
		{name: "one.cluster.rename", params: params(pID, pName), may: on(cluster.Kind, one.Manage, 1), do: change(clusterRename)},
		clusterMember("addhost", host.Kind, host.SetCluster),
		clusterDelHost(),
		clusterMember("adddatastore", datastore.Kind, datastore.Join),
		clusterMember("deldatastore", datastore.Kind, datastore.Leave),
		clusterMember("addvnet", network.Kind, network.Join),
		clusterMember("delvnet", network.Kind, network.Leave),
		clusterPlan("optimize", plan.Ask),
		clusterPlan("planexecute", plan.Execute),
		clusterPlan("plandelete", plan.Delete),
		clusters.poolOf("clusterpool"),
	}
}

// onCluster needs to administer the cluster that argument n names; -1 is the default one.
func onCluster(n int) may {
	return func(c *call) ([]acl.Ask, error) {
		return askOn(c, cluster.Kind, one.Admin, cluster.ID(c.Int(n)))
	}
}

var clusters = pool[cluster.Cluster]{kind: cluster.Kind, root: "CLUSTER_POOL", write: render.Cluster}

// clusterInfo shows the plan of the cluster, too, which the pool does not.
func clusterInfo() method {
	m := clusters.infoOf("cluster")
	m.do = func(_ context.Context, s *Server, c *call) (any, error) {
		row, err := asked(s, c, cluster.Kind, c.Int(1), 2)
		if err != nil {
			return nil, err
		}
		return text(fresh(c.Snap, row.Val, render.ClusterWithPlan)), nil
	}
	return m
}

// clusterPlan makes a method about the plan of a cluster. oned checks no rights; here
// plans are for those who may administer the cluster.
func clusterPlan(verb string, rule func(tx *store.Tx, clusterID int) error) method {
	return method{
		name: "one.cluster." + verb, params: params(pID), may: on(cluster.Kind, one.Admin, 1),
		do: change(byID(rule)),
	}
}

// clusterMember makes a method that puts an object of a kind into a cluster or
// takes it out.
func clusterMember(verb string, kind object.Any, rule func(tx *store.Tx, id, clusterID int) error) method {
	return method{
		name: "one.cluster." + verb, params: ints("object id", "member id"),
		may: all(on(cluster.Kind, one.Admin, 1), on(kind, one.Admin, 2)),
		do: change(func(tx *store.Tx, _ *Server, c *call) (int, error) {
			return c.Int(1), rule(tx, c.Int(2), c.Int(1))
		}),
	}
}

// clusterDelHost puts a host into the default cluster. As in oned, rights are checked on
// the default cluster, and not on the one that the host leaves.
func clusterDelHost() method {
	toDefault := func(c *call) ([]acl.Ask, error) { return askOn(c, cluster.Kind, one.Admin, cluster.DefaultID) }
	return method{
		name: "one.cluster.delhost", params: ints("object id", "host id"), may: all(toDefault, on(host.Kind, one.Admin, 2)),
		do: change(func(tx *store.Tx, _ *Server, c *call) (int, error) {
			return c.Int(1), host.SetCluster(tx, c.Int(2), cluster.DefaultID)
		}),
	}
}

func clusterAllocate(tx *store.Tx, _ *Server, c *call) (int, error) {
	return cluster.Allocate(tx, c.Text(1))
}

func clusterDelete(tx *store.Tx, _ *Server, c *call) (int, error) {
	id := decimal(c.Int(1))
	acl.ForgetCluster(tx, c.Int(1))
	plan.Drop(tx, c.Int(1))
	return c.Int(1), cluster.Delete(tx, c.Int(1), cluster.Members{
		{What: "hosts", Count: count(host.ByCluster, tx, id)},
		{What: "datastores", Count: count(datastore.ByCluster, tx, id)},
		{What: "vnets", Count: count(network.ByCluster, tx, id)},
	})
}

// clusterUpdate also recomputes the capacity that the cluster's hosts may give to VMs.
func clusterUpdate(tx *store.Tx, _ *Server, c *call, merge bool) (int, error) {
	if err := cluster.Kind.Update(tx, c.Caller, c.Int(1), c.Text(2), merge, nil); err != nil {
		return -1, err
	}
	if err := unpinned(tx, c.Int(1)); err != nil {
		return -1, err
	}
	host.ClusterChanged(tx, c.Int(1))
	return c.Int(1), nil
}

// unpinned refuses plans for a cluster with pinned hosts: their VMs must not be moved.
func unpinned(tx *store.Tx, id int) error {
	if cl, err := cluster.Kind.Get(tx, id); err != nil || !cl.HasDRS() {
		return err
	}
	for row := range host.ByCluster.Find(tx, decimal(id)) {
		if row.Val.Pinned() {
			return one.Errorf(one.CodeInternal, "Cannot update template. Error cluster contains pinned host %d", row.Val.ID)
		}
	}
	return nil
}

// clusterRename also has the hosts show the new name.
func clusterRename(tx *store.Tx, _ *Server, c *call) (int, error) {
	if err := cluster.Kind.Rename(tx, c.Caller, c.Int(1), c.Text(2)); err != nil {
		return -1, err
	}
	host.ClusterChanged(tx, c.Int(1))
	return c.Int(1), nil
}
