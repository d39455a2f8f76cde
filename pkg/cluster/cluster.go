// Package cluster is the noun cluster: hosts, datastores and networks that
// belong together, at one site. What is in a cluster is told by its members
// (a host names its cluster), never kept twice.
package cluster

import (
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
)

// The clusters that always are.
const (
	DefaultID   = 0
	DefaultName = "default"
	None        = -1 // "no cluster" in calls: the default one is meant
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
