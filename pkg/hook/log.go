package hook

import (
	"github.com/renkei-vpe/renkei/pkg/effect"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Record is one run of a hook.
type Record struct {
	Hook      int    `cbor:"1,keyasint"`
	Execution int    `cbor:"2,keyasint"` // counted per hook
	Time      int64  `cbor:"3,keyasint"` // end of the run, in seconds since 1970
	Arguments string `cbor:"4,keyasint,omitempty"`
	Command   string `cbor:"5,keyasint"` // the command line
	Stdout    string `cbor:"6,keyasint,omitempty"`
	Stderr    string `cbor:"7,keyasint,omitempty"`
	Code      int    `cbor:"8,keyasint"`
	Host      string `cbor:"9,keyasint,omitempty"` // "" for the front end
	Retry     bool   `cbor:"10,keyasint,omitempty"`
}

// Clone implements store.Cloner.
func (r *Record) Clone() *Record { c := *r; return &c }

// Log is the table of runs, by hook and execution.
var Log = store.NewTable[Record]("hooklog")

// Add logs a run, and removes all but the newest keep runs of the hook. It does nothing if the
// hook has been deleted.
func Add(tx *store.Tx, r Record, keep int) {
	if _, there := Kind.Table.Get(tx, store.ID(r.Hook)); !there {
		return
	}
	r.Execution, r.Time = next(tx, r.Hook), tx.Now.Unix()
	Log.Put(tx, store.Pair(r.Hook, r.Execution), &r)
	for row := range Log.Of(tx, r.Hook) {
		if row.Val.Execution > r.Execution-keep {
			break
		}
		Log.Delete(tx, row.Key)
	}
}

func next(r store.Reader, id int) int {
	last := -1
	for row := range Log.Of(r, id) {
		last = row.Val.Execution
	}
	return last + 1
}

// Retry queues a run again, with the same arguments.
func Retry(tx *store.Tx, id, execution int) error {
	if _, err := Kind.Get(tx, id); err != nil {
		return err
	}
	r, ok := Log.Get(tx, store.Pair(id, execution))
	if !ok {
		return one.Errorf(one.CodeInternal, "Invalid HookLog body. Arguments not found.")
	}
	queue(tx, id, "", effect.Args{argArguments: r.Arguments, argHost: r.Host, argRetry: "yes"})
	return nil
}

// Run has the arguments of an effect.
type Run struct {
	Arguments string
	Host      string // "" if the event has no host
	Retry     bool
}

// RunOf reads the arguments of an effect.
func RunOf(e *effect.Effect) Run {
	return Run{Arguments: e.Args[argArguments], Host: e.Args[argHost], Retry: e.Args[argRetry] != ""}
}
