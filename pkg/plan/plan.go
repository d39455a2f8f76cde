// Package plan is the noun plan: which VMs of a cluster are to move where, so
// that its load is even or its VMs are on few hosts. A cluster has one plan at
// the most, by its ID. What a plan should say is worked out by package
// placement; here it is kept, begun step by step, and told how its steps ended.
package plan

import (
	"slices"

	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
	"github.com/renkei-vpe/renkei/pkg/vm"
)

// State is the state of a plan, or of one action of it (include/Plan.h).
type State int

// The states.
const (
	None     State = -1 // there is no plan
	Ready    State = 0  // to be looked at, and to be executed
	Applying State = 1
	Done     State = 2
	Failed   State = 3
	TimedOut State = 4
)

// Plan is the plan of a cluster.
type Plan struct {
	ClusterID int      `cbor:"1,keyasint"`
	State     State    `cbor:"2,keyasint"`
	Asked     bool     `cbor:"3,keyasint,omitempty"` // a new one is to be worked out
	Actions   []Action `cbor:"4,keyasint,omitempty"`
}

// Action is one move.
type Action struct {
	ID     int   `cbor:"1,keyasint"`
	VMID   int   `cbor:"2,keyasint"`
	HostID int   `cbor:"3,keyasint"`
	DSID   int   `cbor:"4,keyasint"` // system datastore
	State  State `cbor:"5,keyasint"`
	Time   int64 `cbor:"6,keyasint,omitempty"` // when it was begun
}

// Operation is what actions do, in words.
const Operation = "migrate"

// Clone implements store.Cloner.
func (p *Plan) Clone() *Plan {
	c := *p
	c.Actions = slices.Clone(p.Actions)
	return &c
}

// Table has the plans, by cluster.
var Table = store.NewTable[Plan]("plan")

// Of answers the plan of a cluster to look at; one of state None when it has none.
func Of(r store.Reader, cluster int) *Plan {
	if p, ok := Table.Get(r, store.ID(cluster)); ok {
		return p
	}
	return &Plan{ClusterID: cluster, State: None}
}

func edit(tx *store.Tx, cluster int) *Plan { return Of(tx, cluster).Clone() }

func put(tx *store.Tx, p *Plan) { Table.Put(tx, store.ID(p.ClusterID), p) }

// Ask asks for a new plan, which replaces the one there is.
func Ask(tx *store.Tx, cluster int) error {
	p := edit(tx, cluster)
	if p.State == Applying {
		return one.Errorf(one.CodeAction, "Can't optimize cluster. A previous plan is currently being applied.")
	}
	p.Asked = true
	put(tx, p)
	return nil
}

// Answered takes in the moves that were worked out. Without any the plan stays
// as it was, and so it does while it is applied. A plan that nobody has to look
// at is begun at once.
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

// unready says why a plan of some state cannot be executed. One that ran out of
// time may be: what is still under way is waited for again.
var unready = map[State]string{
	None:     "Plan is not ready",
	Applying: "Plan is already applying",
	Done:     "Plan is already done",
	Failed:   "Plan is in error state",
}

// Execute begins a plan.
func Execute(tx *store.Tx, cluster int) error {
	p := edit(tx, cluster)
	if why := unready[p.State]; why != "" {
		return one.Errorf(one.CodeAction, "%s", why)
	}
	p.State = Applying
	put(tx, p)
	return nil
}

// Delete forgets a plan. What of it is under way goes on.
func Delete(tx *store.Tx, cluster int) error {
	if Of(tx, cluster).State == None {
		return one.Errorf(one.CodeAction, "Plan for cluster %d does not exist", cluster)
	}
	Drop(tx, cluster)
	return nil
}

// Drop forgets what is known of plans of a cluster.
func Drop(tx *store.Tx, cluster int) { Table.Delete(tx, store.ID(cluster)) }
