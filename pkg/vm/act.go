package vm

import (
	"errors"

	"github.com/renkei-vpe/renkei/pkg/lifecycle"
	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Act serves one.vm.action.
func Act(tx *store.Tx, s Settings, c *one.Caller, id int, action string) error {
	ev, known := lifecycle.ParseAction(action)
	if !known {
		return one.Errorf(one.CodeAction, `Action "%s" is not supported`, action)
	}
	v, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	if err := act(tx, s, c, v, ev); err != nil {
		return ofAction(action, err)
	}
	return nil
}

func act(tx *store.Tx, s Settings, c *one.Caller, v *VM, ev lifecycle.Event) error {
	if needsScheduling(v, ev) && lifecycle.Can(v.Status(), ev) { // if not, Fire returns oned's error
		if err := requirements(tx, s, v); err != nil {
			return err
		}
	}
	return Fire(tx, s, v, ev, Cause{By: c})
}

// needsScheduling tells whether the VM will be scheduled afterwards, so that its requirements
// have to be updated. A VM that resumes on its host keeps them.
func needsScheduling(v *VM, ev lifecycle.Event) bool {
	switch ev {
	case lifecycle.Release, lifecycle.Resched:
		return true
	case lifecycle.Resume:
		return v.State == one.VMStopped || v.State == one.VMUndeployed
	}
	return false
}

// ofAction adds the action's name to an error, except to quota errors, as in oned.
func ofAction(action string, err error) error {
	var e *one.Error
	switch {
	case !errors.As(err, &e):
		return err
	case e.Code == one.CodeAuthorization:
		return withinAction(err)
	}
	return one.Errorf(one.CodeAction, `Error performing action "%s": %s`, action, e.Msg)
}

// recoveries are the operation codes of one.vm.recover.
var recoveries = map[int]lifecycle.Event{
	0: lifecycle.RecoverFailure, 1: lifecycle.RecoverSuccess, 2: lifecycle.RecoverRetry,
	3: lifecycle.RecoverDelete, 4: lifecycle.RecoverRecreate, 5: lifecycle.RecoverDeleteDB,
}

// ParseRecovery returns the event for an operation code of one.vm.recover.
func ParseRecovery(code int) (lifecycle.Event, error) {
	if ev, ok := recoveries[code]; ok {
		return ev, nil
	}
	return 0, one.Errorf(one.CodeAction, "Wrong recovery operation code")
}

// Recover serves one.vm.recover. As in oned, a recreated VM keeps its requirements.
func Recover(tx *store.Tx, s Settings, c *one.Caller, id int, ev lifecycle.Event) error {
	v, err := Kind.Edit(tx, id)
	if err != nil {
		return err
	}
	return Fire(tx, s, v, ev, Cause{By: c})
}
