package lifecycle

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/pkg/one"
)

// TestEveryNumberIsCovered compares the table with OpenNebula's list of states.
func TestEveryNumberIsCovered(t *testing.T) {
	t.Parallel()
	lcms, states := map[one.LCMState]bool{}, map[one.VMState]bool{}
	for _, s := range Statuses() {
		states[s.State] = true
		lcms[s.LCM] = true
		if (s.State == one.VMActive) == (s.LCM == one.LCMInit) {
			t.Errorf("%s: want an LCM state for ACTIVE, and only for ACTIVE", s.Full())
		}
	}
	for _, lcm := range one.LCMStates() {
		if !lcms[lcm] {
			t.Errorf("no status has LCM state %s", lcm)
		}
	}
	for state := one.VMInit; state <= one.VMCloningFailure; state++ {
		if _, known := one.ParseVMState(state.String()); known && !states[state] {
			t.Errorf("no status has VM state %s", state)
		}
	}
}

// reach answers every status that a sequence of these events can lead to.
func reach(from Status, events []Event) map[Status]bool {
	seen, todo := map[Status]bool{from: true}, []Status{from}
	for len(todo) > 0 {
		at := todo[0]
		todo = todo[1:]
		for _, ev := range events {
			if step, err := Next(at, ev); err == nil && !seen[step.To] {
				seen[step.To] = true
				todo = append(todo, step.To)
			}
		}
	}
	return seen
}

func TestEveryStatusIsReached(t *testing.T) {
	t.Parallel()
	reached := reach(initial, Events())
	for _, s := range Statuses() {
		if !reached[s] {
			t.Errorf("%s cannot be reached from INIT", s.Full())
		}
	}
	if diff := cmp.Diff(len(Statuses()), len(reached)); diff != "" {
		t.Errorf("the table has statuses without a block (-known +reached):\n%s", diff)
	}
}

// TestDoneIsAlwaysWithinReach makes sure that no VM gets stuck: requests can end it even if no
// driver ever answers, and even if every effect fails.
func TestDoneIsAlwaysWithinReach(t *testing.T) {
	t.Parallel()
	requests := Events()[:OK]
	for _, s := range Statuses() {
		if !reach(s, requests)[done] {
			t.Errorf("%s: no requests lead to DONE", s.Full())
		}
		if !reach(s, []Event{Failed, RecoverDelete})[done] {
			t.Errorf("%s: no requests lead to DONE while every effect fails", s.Full())
		}
	}
}

// TestTerminateEndsAVM follows terminate with drivers that succeed.
func TestTerminateEndsAVM(t *testing.T) {
	t.Parallel()
	for _, s := range Statuses() {
		if Can(s, Terminate) && !reach(s, []Event{Terminate, OK})[done] {
			t.Errorf("%s: terminate is accepted, but does not lead to DONE", s.Full())
		}
	}
}

func busy(s Status) bool { return Can(s, OK) && s != running }

// TestEffectsAndStatusesBelongTogether: an effect begins if and only if the new status waits
// for an outcome.
func TestEffectsAndStatusesBelongTogether(t *testing.T) {
	t.Parallel()
	eachStep(func(from Status, ev Event, step Step) {
		at := from.Full() + " " + ev.String()
		switch step.Do {
		case DoNone:
			if busy(step.To) {
				t.Errorf("%s: no effect begins, but %s waits for an outcome", at, step.To.Full())
			}
		case DoKeep:
			if step.To != from {
				t.Errorf("%s: keeps the effect of another status", at)
			}
		case DoAgain:
			if !busy(from) || !busy(step.To) {
				t.Errorf("%s: DoAgain without a current effect", at)
			}
		default:
			if !Can(step.To, OK) || !Can(step.To, Failed) {
				t.Errorf("%s: %s begins, but %s does not wait for its outcome", at, step.Do, step.To.Full())
			}
		}
	})
}

func eachStep(visit func(Status, Event, Step)) {
	for _, from := range Statuses() {
		for _, ev := range Events() {
			if step, err := Next(from, ev); err == nil {
				visit(from, ev, step)
			}
		}
	}
}

// TestBusyStatusesCanBeHelped: a status that waits for an outcome accepts success and failure,
// and recover instead of either.
func TestBusyStatusesCanBeHelped(t *testing.T) {
	t.Parallel()
	for _, s := range Statuses() {
		if !busy(s) {
			continue
		}
		for _, ev := range []Event{OK, Failed, RecoverSuccess, RecoverFailure, RecoverRetry, RecoverDelete, RecoverDeleteDB} {
			if !Can(s, ev) {
				t.Errorf("%s does not take %s", s.Full(), ev)
			}
		}
	}
}

// TestFailureWaitsForAUser: a failed effect does not begin another one, so that there are no
// loops of failures.
func TestFailureWaitsForAUser(t *testing.T) {
	t.Parallel()
	eachStep(func(from Status, ev Event, step Step) {
		if ev == Failed && step.Do != DoNone {
			t.Errorf("%s: its failure begins %s, want no effect", from.Full(), step.Do)
		}
	})
}

// TestRetryRepeatsWhatFailed: a retry begins the same effect that led to the failure.
func TestRetryRepeatsWhatFailed(t *testing.T) {
	t.Parallel()
	for _, f := range failures {
		if failed := steps[f.retry][Failed].To; failed != f.in {
			t.Errorf("%s fails to %s; want %s", f.retry.Full(), failed.Full(), f.in.Full())
		}
		begun := map[Effect]bool{}
		eachStep(func(from Status, _ Event, step Step) {
			if step.To == f.retry && from != f.in && step.Do.Runs() {
				begun[step.Do] = true
			}
		})
		if !begun[f.do] || len(begun) != 1 {
			t.Errorf("%s retries %s, but %s is begun with %v", f.in.Full(), f.do, f.retry.Full(), begun)
		}
	}
}

// TestChangesGoBackHome: after a change, the VM returns to the status in which it was
// requested.
func TestChangesGoBackHome(t *testing.T) {
	t.Parallel()
	begun := map[Status]bool{}
	for _, c := range changes {
		eachStep(func(from Status, ev Event, step Step) {
			if step.To != c.in || !step.Do.Runs() {
				return
			}
			begun[c.in] = true
			if from != c.home || step.Do != c.do {
				t.Errorf("%s %s begins %s; want %s from %s", from.Full(), ev, step.Do, c.do, c.home.Full())
			}
		})
		if !begun[c.in] {
			t.Errorf("nothing begins %s", c.in.Full())
		}
	}
	if got := backupCancelling.Change(); got != DoBackup {
		t.Errorf("the change of a cancelled backup is %s; want %s", got, DoBackup)
	}
	if got := running.Change(); got != DoNone {
		t.Errorf("the change of RUNNING is %s; want none", got)
	}
}
