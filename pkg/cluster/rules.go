package cluster

import (
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// reserved are attributes that every cluster has (src/cluster/Cluster.cc).
var reserved = []string{"RESERVED_CPU", "RESERVED_MEM"}

// Allocate makes an empty cluster.
func Allocate(tx *store.Tx, name string) (int, error) {
	c := &Cluster{Meta: object.Meta{Name: name}}
	for _, attr := range reserved {
		c.Template.Set(attr, "")
	}
	id, err := Kind.Add(tx, c)
	if err != nil {
		return -1, one.Errorf(one.CodeAllocate, "Error allocating a new cluster. %v", err)
	}
	return id, nil
}

// Delete removes an empty cluster. The caller counts its members, whose kinds are not known
// here.
func Delete(tx *store.Tx, id int, members Members) error {
	if _, err := Kind.Get(tx, id); err != nil {
		return err
	}
	if id < Kind.First {
		return one.Errorf(one.CodeAction, "Cannot delete cluster. System Clusters (ID < %d) cannot be deleted.", Kind.First)
	}
	for _, m := range members {
		if m.Count > 0 {
			return one.Errorf(one.CodeAction, "Cannot delete cluster. Cluster %d is not empty, it contains %d %s.", id, m.Count, m.What)
		}
	}
	Kind.Remove(tx, id)
	return nil
}

// Members has the number of members of each kind in a cluster.
type Members []struct {
	What  string // "hosts", "datastores", "vnets"
	Count int
}

// ID returns the cluster that an argument means: a negative one is the default.
func ID(given int) int {
	if given == None {
		return DefaultID
	}
	return given
}

// updating adds the attributes that every cluster has, and checks ONE_DRS.
func updating(_ *store.Tx, _ *one.Caller, _, c *Cluster) error {
	for _, attr := range reserved {
		if _, ok := c.Template.Lookup(attr); !ok {
			c.Template.Set(attr, "")
		}
	}
	return checkDRS(c.Template)
}
