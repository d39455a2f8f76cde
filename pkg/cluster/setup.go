package cluster

import (
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Setup makes the default cluster.
func Setup(tx *store.Tx) {
	c := &Cluster{Meta: object.Meta{ID: DefaultID, Name: DefaultName}}
	for _, attr := range reserved {
		c.Template.Set(attr, "")
	}
	Kind.Put(tx, c)
}
