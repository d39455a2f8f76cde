package vm

import (
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/schedule"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// plan describes a scheduled action that has arguments.
type plan struct {
	form  string // format of ARGS for the error message
	wants string // types of the arguments: n is a number, t a text
	do    func(w *planning, numbers []int, text string) error
}

// planning is the context in which a scheduled action runs.
type planning struct {
	tx *store.Tx
	s  Settings
	by *one.Caller
	id int // of the VM
}

var plans = map[string]plan{
	"snapshot-create": {"snapshot-name", "t", func(w *planning, _ []int, name string) error {
		_, err := CreateSnapshot(w.tx, w.s, w.by, w.id, name)
		return err
	}},
	"snapshot-revert": {"snapshot-id", "n", func(w *planning, n []int, _ string) error {
		return RevertSnapshot(w.tx, w.s, w.by, w.id, n[0])
	}},
	"snapshot-delete": {"snapshot-id", "n", func(w *planning, n []int, _ string) error {
		return DeleteSnapshot(w.tx, w.s, w.by, w.id, n[0])
	}},
	"disk-snapshot-create": {"disk-id, snapshot-name", "nt", func(w *planning, n []int, name string) error {
		_, err := CreateDiskSnapshot(w.tx, w.s, w.by, w.id, n[0], name)
		return err
	}},
	"disk-snapshot-revert": {"disk-id, snapshot-id", "nn", func(w *planning, n []int, _ string) error {
		return RevertDiskSnapshot(w.tx, w.s, w.by, w.id, n[0], n[1])
	}},
	"disk-snapshot-delete": {"disk-id, snapshot-id", "nn", func(w *planning, n []int, _ string) error {
		return DeleteDiskSnapshot(w.tx, w.s, w.by, w.id, n[0], n[1])
	}},
}

// RunScheduled runs a scheduled action of a VM and marks it as done. It fails where the
// corresponding call by the caller by would fail.
func RunScheduled(tx *store.Tx, s Settings, by *one.Caller, actionID int) error {
	a, ok := schedule.Table.Edit(tx, store.ID(actionID))
	if !ok {
		return nil
	}
	if err := doPlanned(&planning{tx, s, by, a.Parent}, a); err != nil {
		return err
	}
	if _, kept := schedule.Table.Get(tx, store.ID(a.ID)); !kept {
		return nil // the action was deleted with its VM
	}
	a.Succeeded(tx.Now.Local())
	schedule.Table.Put(tx, store.ID(a.ID), a)
	Kind.Table.Touch(tx, store.ID(a.Parent))
	return nil
}

func doPlanned(w *planning, a *schedule.Action) error {
	if err := w.unlocked(a.Action); err != nil {
		return withPrefix("["+a.Action+"] ", err)
	}
	p, ok := plans[a.Action]
	if !ok {
		return withPrefix("["+a.Action+"] ", Act(w.tx, w.s, w.by, w.id, a.Action))
	}
	numbers, text, ok := p.read(a.Args)
	if !ok {
		return bad("Missing or malformed ARGS for: %s. Format: %s", a.Action, p.form)
	}
	return withPrefix("["+a.Action+"] ", p.do(w, numbers, text))
}

// unlocked checks the VM's lock, which blocks scheduled actions as it blocks calls, also those of
// oneadmin.
func (w *planning) unlocked(name string) error {
	v, err := Kind.Get(w.tx, w.id)
	if err != nil {
		return err
	}
	action, _ := one.ParseHistoryAction(name)
	if v.Lock.Blocks(Right(w.tx, w.s, w.by, action)) {
		return one.Errorf(one.CodeAuthorization, "User [%d] : VM is locked. [%d].", w.by.UID, w.id)
	}
	return nil
}

// read parses ARGS. Additional words are ignored.
func (p plan) read(args string) (numbers []int, text string, ok bool) {
	words := strings.Split(args, ",")
	for i, kind := range p.wants {
		if i >= len(words) || strings.TrimSpace(words[i]) == "" {
			return nil, "", false
		}
		if kind == 't' {
			text = words[i]
			continue
		}
		n, err := strconv.Atoi(strings.TrimSpace(words[i]))
		if err != nil {
			return nil, "", false
		}
		numbers = append(numbers, n)
	}
	return numbers, text, true
}

// ScheduleFailed stores the error of a scheduled action.
func ScheduleFailed(tx *store.Tx, actionID int, why error) {
	a, ok := schedule.Table.Edit(tx, store.ID(actionID))
	if !ok {
		return
	}
	a.Failed(tx.Now.Local(), why.Error())
	schedule.Table.Put(tx, store.ID(actionID), a)
	Kind.Table.Touch(tx, store.ID(a.Parent))
}
