// Package schedule is the noun scheduled action: something that is to be done
// to a VM, or a backup job that is to be run, at a time, once or again and
// again. It says when; what is done is a rule of the parent's package, and
// pkg/schedrun does it in time.
package schedule

import (
	"slices"
	"strconv"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/object"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Action is a scheduled action.
type Action struct {
	ID       int      `cbor:"1,keyasint"`
	Kind     one.Kind `cbor:"2,keyasint"` // of the parent: a VM or a backup job
	Parent   int      `cbor:"3,keyasint"`
	Action   string   `cbor:"4,keyasint"` // what to do, such as "poweroff"
	Args     string   `cbor:"5,keyasint,omitempty"`
	Time     int64    `cbor:"6,keyasint"` // when it is to be done next
	Repeat   Repeat   `cbor:"7,keyasint"`
	Days     string   `cbor:"8,keyasint,omitempty"` // of Repeat: "1,5"
	EndType  EndType  `cbor:"9,keyasint"`
	EndValue int64    `cbor:"10,keyasint"`           // of EndType
	Done     int64    `cbor:"11,keyasint"`           // when it was done last, -1 never
	Message  string   `cbor:"12,keyasint,omitempty"` // why it could not be done
	Warning  int64    `cbor:"13,keyasint,omitempty"` // when users are to be warned of it, 0 never
}

// Repeat is the unit that Days counts.
type Repeat int

// The repetitions (include/ScheduledAction.h).
const (
	Once    Repeat = -1
	Weekly  Repeat = 0 // days of the week, Sunday is 0
	Monthly Repeat = 1 // days of the month
	Yearly  Repeat = 2 // days of the year, January the first is 0
	Hourly  Repeat = 3 // every so many hours
)

// EndType says what ends the repetition.
type EndType int

// The ends.
const (
	EndNone  EndType = -1
	EndNever EndType = 0
	EndTimes EndType = 1 // after EndValue times more
	EndDate  EndType = 2 // at EndValue, in seconds since 1970
)

// Clone implements store.Cloner.
func (a *Action) Clone() *Action { c := *a; return &c }

// ByParent finds the actions of an object.
var ByParent = store.NewIndex(func(a *Action) []string { return []string{parent(a.Kind, a.Parent)} })

// Table has all scheduled actions, by ID.
var Table = store.NewTable("schedule", ByParent)

func parent(kind one.Kind, id int) string { return kind.String() + " " + strconv.Itoa(id) }

// Add schedules what a SCHED_ACTION says and answers the action's ID. Times
// such as +60 count from origin.
func Add(tx *store.Tx, kind one.Kind, parentID int, origin int64, said *attr.Attr) (int, error) {
	a := &Action{Kind: kind, Parent: parentID, Time: unset, Repeat: Once, EndType: EndNone, EndValue: unset, Done: unset}
	if err := a.read(said, origin); err != nil {
		return -1, err
	}
	a.ID = tx.Next(Table.Name(), 0)
	Table.Put(tx, store.ID(a.ID), a)
	return a.ID, nil
}

// unset is what a time is that nobody named.
const unset = -1

// Update changes an action to what a SCHED_ACTION says; what that does not say
// stays as it is.
func Update(tx *store.Tx, id int, origin int64, said *attr.Attr) error {
	a, ok := Table.Edit(tx, store.ID(id))
	if !ok {
		return one.Errorf(one.CodeInternal, "Unable to get Scheduled Action id = %d. It doesn't exist or is malformed.", id)
	}
	if err := a.read(said, origin); err != nil {
		return err
	}
	Table.Put(tx, store.ID(id), a)
	return nil
}

// Check tells what is wrong with a SCHED_ACTION for VMs that is only kept.
func Check(said *attr.Attr) error {
	a := Action{Kind: one.KindVM, Time: unset, Repeat: Once, EndType: EndNone, EndValue: unset}
	return a.read(said, 0)
}

// In finds the SCHED_ACTION in a template, the refusal of one without it has the
// code missing.
func In(text string, missing one.Code) (*attr.Attr, error) {
	t, err := object.ParseTemplate(text)
	if err != nil {
		return nil, err
	}
	said := t.Vector("SCHED_ACTION")
	if said == nil {
		return nil, one.Errorf(missing, "No SCHED_ACTION attribute in template")
	}
	return said, nil
}

// RemoveFrom forgets one of the actions that a parent lists, and answers the others.
func RemoveFrom(tx *store.Tx, listed []int, id int) ([]int, error) {
	at := slices.Index(listed, id)
	if _, there := Table.Get(tx, store.ID(id)); at < 0 || !there {
		return listed, missing(id)
	}
	Remove(tx, id)
	return slices.Delete(listed, at, at+1), nil
}

func missing(id int) error {
	if id == -1 { // as object.Kind says it
		return one.Errorf(one.CodeNoExists, "Error getting scheduled action Pool.")
	}
	return one.Errorf(one.CodeNoExists, "Error getting scheduled action [%d].", id).At(id)
}

// Remove forgets an action.
func Remove(tx *store.Tx, id int) { Table.Delete(tx, store.ID(id)) }
