package render

import (
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/cluster"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/host"
	"github.com/renkei-vpe/renkei/pkg/network"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Cluster writes a cluster.
func Cluster(w *Writer, r store.Reader, c *cluster.Cluster) {
	id := strconv.Itoa(c.ID)
	w.Open("CLUSTER")
	w.Int("ID", int64(c.ID))
	w.Text("NAME", c.Name)
	w.IDs("HOSTS", idsOf(host.ByCluster, r, id))
	w.IDs("DATASTORES", idsOf(datastore.ByCluster, r, id))
	w.IDs("VNETS", idsOf(network.ByCluster, r, id))
	w.Template("TEMPLATE", c.Template)
	w.Close("CLUSTER")
}

// idsOf lists the objects that an index has under a text, in order.
func idsOf[T any](ix *store.Index[T], r store.Reader, text string) []int {
	var ids []int
	for row := range ix.Find(r, text) {
		ids = append(ids, int(row.Key.A))
	}
	return ids
}
