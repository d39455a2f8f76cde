// Package cluster implements clusters: hosts, datastores and networks that belong together.
// Each member stores its cluster; a cluster has no list of members.
package cluster

import (
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
)

// Predefined IDs.
const (
	DefaultID   = 0
	DefaultName = "default"
	None        = -1 // in calls, means the default cluster
)

// Cluster is a cluster.
type Cluster struct {
	object.Meta
}

// Clone implements store.Cloner.
func (c *Cluster) Clone() *Cluster { return &Cluster{Meta: c.Meta.Copy()} }

// Kind describes clusters to the shared verbs.
var Kind = object.Define("cluster", object.Spec[Cluster]{
	Kind:     one.KindCluster,
	Names:    object.NamesGlobal,
	First:    100,
	Clusters: func(c *Cluster) []int { return []int{c.ID} },
	Updating: updating,
})
