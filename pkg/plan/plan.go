// Package plan implements plans for clusters (OneDRS): which VMs should migrate where, so that
// the load is even or the VMs are on few hosts. A cluster has at most one plan. Package
// placement decides what a plan contains; here it is stored and applied step by step.
package plan

import (
	"slices"

	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// State is the state of a plan or of one of its actions (include/Plan.h).
type State int

// The states.
const (
	None     State = -1 // there is no plan
	Ready    State = 0  // waits to be applied
	Applying State = 1
	Done     State = 2
	Failed   State = 3
	TimedOut State = 4
)

// Plan is the plan of a cluster.
type Plan struct {
	ClusterID int      `cbor:"1,keyasint"`
	State     State    `cbor:"2,keyasint"`
	Asked     bool     `cbor:"3,keyasint,omitempty"` // a new plan is to be made
	Actions   []Action `cbor:"4,keyasint,omitempty"`
}

// Action is a migration.
type Action struct {
	ID     int   `cbor:"1,keyasint"`
	VMID   int   `cbor:"2,keyasint"`
	HostID int   `cbor:"3,keyasint"`
	DSID   int   `cbor:"4,keyasint"` // the target system datastore
	State  State `cbor:"5,keyasint"`
	Time   int64 `cbor:"6,keyasint,omitempty"` // start, in seconds since 1970
}

// Operation is the OPERATION of actions.
const Operation = "migrate"

// Clone implements store.Cloner.
func (p *Plan) Clone() *Plan {
	c := *p
	c.Actions = slices.Clone(p.Actions)
	return &c
}

// Table is the table of plans, by cluster ID.
var Table = store.NewTable[Plan]("plan")

// Of returns the plan of a cluster, or one with state None.
func Of(r store.Reader, cluster int) *Plan {
	if p, ok := Table.Get(r, store.ID(cluster)); ok {
		return p
	}
	return &Plan{ClusterID: cluster, State: None}
}

func edit(tx *store.Tx, cluster int) *Plan { return Of(tx, cluster).Clone() }

func put(tx *store.Tx, p *Plan) { Table.Put(tx, store.ID(p.ClusterID), p) }

// Ask requests a new plan, which replaces the old one.
func Ask(tx *store.Tx, cluster int) error {
	p := edit(tx, cluster)
	if p.State == Applying {
		return one.Errorf(one.CodeAction, "Can't optimize cluster. A previous plan is currently being applied.")
	}
	p.Asked = true
	put(tx, p)
	return nil
}

// Answered stores the actions of a new plan. If there are none, or the old plan is being
// applied, the old plan stays. With atOnce, the plan is applied immediately.
func Answered(tx *store.Tx, cluster int, moves []Action, atOnce bool) {
	p := edit(tx, cluster)
	p.Asked = false
	if len(moves) > 0 && p.State != Applying {
		p.Actions, p.State = moves, Ready
		if atOnce {
			p.State = Applying
		}
		for _, a := range moves {
			vm.ForgetMessage(tx, a.VMID)
		}
	}
	put(tx, p)
}

// unready are the error texts for states in which a plan cannot be applied. After a timeout it
// can: actions that are still under way are waited for again.
var unready = map[State]string{
	None:     "Plan is not ready",
	Applying: "Plan is already applying",
	Done:     "Plan is already done",
	Failed:   "Plan is in error state",
}

// Execute begins to apply a plan.
func Execute(tx *store.Tx, cluster int) error {
	p := edit(tx, cluster)
	if why := unready[p.State]; why != "" {
		return one.Errorf(one.CodeAction, "%s", why)
	}
	p.State = Applying
	put(tx, p)
	return nil
}

// Delete removes a plan. Migrations that have started go on.
func Delete(tx *store.Tx, cluster int) error {
	if Of(tx, cluster).State == None {
		return one.Errorf(one.CodeAction, "Plan for cluster %d does not exist", cluster)
	}
	Drop(tx, cluster)
	return nil
}

// Drop removes the plan of a deleted cluster.
func Drop(tx *store.Tx, cluster int) { Table.Delete(tx, store.ID(cluster)) }
