// Package datastore implements datastores: for images, for disks of running VMs (system
// datastores), and for kernels and other files.
package datastore

import (
	"slices"

	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// IDs of the predefined datastores.
const (
	SystemID  = 0
	DefaultID = 1
	FilesID   = 2
)

// Datastore is a datastore. image.ByDatastore finds its images.
type Datastore struct {
	object.Meta
	DSMad    string             `cbor:"10,keyasint"`
	TMMad    string             `cbor:"11,keyasint"`
	BasePath string             `cbor:"12,keyasint"`
	Type     one.DatastoreType  `cbor:"13,keyasint"`
	DiskType one.DiskType       `cbor:"14,keyasint"`
	State    one.DatastoreState `cbor:"15,keyasint"`
	Clusters []int              `cbor:"16,keyasint"` // in order
	TotalMB  int64              `cbor:"17,keyasint"`
	FreeMB   int64              `cbor:"18,keyasint"`
	UsedMB   int64              `cbor:"19,keyasint"`
	Retyped  bool               `cbor:"20,keyasint,omitempty"` // not monitored since its type was changed
}

// Clone implements store.Cloner.
func (d *Datastore) Clone() *Datastore {
	c := *d
	c.Meta = d.Meta.Copy()
	c.Clusters = slices.Clone(d.Clusters)
	return &c
}

// ByCluster finds the datastores of a cluster.
var ByCluster = store.NewIndex(func(d *Datastore) []string { return store.Texts(d.Clusters) })

// Kind describes datastores to the shared verbs.
var Kind = object.Define("datastore", object.Spec[Datastore]{
	Kind:     one.KindDatastore,
	Names:    object.NamesGlobal,
	First:    100,
	Clusters: func(d *Datastore) []int { return d.Clusters },
}, ByCluster)
