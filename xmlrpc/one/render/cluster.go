package render

import (
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/cluster"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/plan"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Cluster writes a cluster.
func Cluster(w *Writer, r store.Reader, c *cluster.Cluster) {
	w.Open("CLUSTER")
	w.cluster(r, c)
	w.Close("CLUSTER")
}

// ClusterWithPlan writes a cluster and its plan, if it has one.
func ClusterWithPlan(w *Writer, r store.Reader, c *cluster.Cluster) {
	w.Open("CLUSTER")
	w.cluster(r, c)
	w.plan(plan.Of(r, c.ID))
	w.Close("CLUSTER")
}

func (w *Writer) plan(p *plan.Plan) {
	if p.State == plan.None {
		return
	}
	w.Open("PLAN")
	w.Int("ID", int64(p.ClusterID))
	w.Int("STATE", int64(p.State))
	for _, a := range p.Actions {
		w.Open("ACTION")
		w.Int("ID", int64(a.ID))
		w.Int("VM_ID", int64(a.VMID))
		w.Int("STATE", int64(a.State))
		w.Text("OPERATION", plan.Operation)
		w.Int("HOST_ID", int64(a.HostID))
		w.Int("DS_ID", int64(a.DSID))
		w.Int("TIMESTAMP", a.Time)
		w.Close("ACTION")
	}
	w.Close("PLAN")
}

func (w *Writer) cluster(r store.Reader, c *cluster.Cluster) {
	id := strconv.Itoa(c.ID)
	w.Int("ID", int64(c.ID))
	w.Text("NAME", c.Name)
	w.IDs("HOSTS", idsOf(host.ByCluster, r, id))
	w.IDs("DATASTORES", idsOf(datastore.ByCluster, r, id))
	w.IDs("VNETS", idsOf(network.ByCluster, r, id))
	w.Template("TEMPLATE", c.Template)
}
