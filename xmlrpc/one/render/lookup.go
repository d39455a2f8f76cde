package render

import (
	"github.com/renkei-vpe/renkei/pkg/cluster"
	"github.com/renkei-vpe/renkei/pkg/datastore"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Objects that are listed in other objects.

// idsOf lists the IDs of the objects that an index finds, in order.
func idsOf[T any](ix *store.Index[T], r store.Reader, text string) []int {
	var ids []int
	for row := range ix.Find(r, text) {
		ids = append(ids, int(row.Key.A))
	}
	return ids
}

func clusterName(r store.Reader, id int) string {
	if c, ok := cluster.Kind.Table.Get(r, store.ID(id)); ok {
		return c.Name
	}
	return ""
}

func datastoreName(r store.Reader, id int) string {
	if d, ok := datastore.Kind.Table.Get(r, store.ID(id)); ok {
		return d.Name
	}
	return ""
}
