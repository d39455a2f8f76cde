package network

import (
	"slices"

	"github.com/renkei-vpe/renkei/pkg/cluster"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Join adds a network to a cluster.
func Join(tx *store.Tx, id, clusterID int) error {
	n, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	if _, err := cluster.Kind.Get(tx, clusterID); err != nil {
		return err
	}
	if at, there := slices.BinarySearch(n.Clusters, clusterID); !there {
		n.Clusters = slices.Insert(n.Clusters, at, clusterID)
	}
	Kind.Put(tx, n)
	touchClusters(tx, []int{clusterID})
	return nil
}

// Leave removes a network from a cluster.
func Leave(tx *store.Tx, id, clusterID int) error {
	n, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	n.Clusters = slices.DeleteFunc(n.Clusters, func(c int) bool { return c == clusterID })
	Kind.Put(tx, n)
	touchClusters(tx, []int{clusterID})
	return nil
}
