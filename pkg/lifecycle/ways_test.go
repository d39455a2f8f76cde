package lifecycle

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/renkei-vpe/renkei/pkg/one"
)

// TestEveryNumberIsCovered holds the table against the vocabulary, which is
// OpenNebula's list of states.
func TestEveryNumberIsCovered(t *testing.T) {
	t.Parallel()
	lcms, states := map[one.LCMState]bool{}, map[one.VMState]bool{}
	for _, s := range Statuses() {
		states[s.State] = true
		lcms[s.LCM] = true
		if (s.State == one.VMActive) == (s.LCM == one.LCMInit) {
			t.Errorf("%s: only an ACTIVE VM has an LCM state, and it has one", s.Full())
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

// reach answers every status that events of that kind lead to.
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
			t.Errorf("no way leads from INIT to %s", s.Full())
		}
	}
	if diff := cmp.Diff(len(Statuses()), len(reached)); diff != "" {
		t.Errorf("the table leads to statuses it has no block for (-known +reached):\n%s", diff)
	}
}

// TestDoneIsAlwaysWithinReach proves that no VM gets stuck: by requests alone,
// even if no driver ever answers again; and by outcomes that are all failures
// followed by requests, even if every driver refuses.
func TestDoneIsAlwaysWithinReach(t *testing.T) {
	t.Parallel()
	requests := Events()[:OK]
	for _, s := range Statuses() {
		if !reach(s, requests)[done] {
			t.Errorf("%s: requests cannot end it", s.Full())
		}
		if !reach(s, []Event{Failed, RecoverDelete})[done] {
			t.Errorf("%s: it cannot be deleted while every effect fails", s.Full())
		}
	}
}

// TestTerminateEndsAVM follows the main way out with drivers that succeed.
func TestTerminateEndsAVM(t *testing.T) {
	t.Parallel()
	for _, s := range Statuses() {
		if Can(s, Terminate) && !reach(s, []Event{Terminate, OK})[done] {
			t.Errorf("%s: terminate is accepted and does not lead to DONE", s.Full())
		}
	}
}

func busy(s Status) bool { return Can(s, OK) && s != running }

// TestEffectsAndStatusesBelongTogether proves that an effect always has
// somebody who waits for its outcome, and that nobody waits for nothing.
func TestEffectsAndStatusesBelongTogether(t *testing.T) {
	t.Parallel()
	eachStep(func(from Status, ev Event, step Step) {
		at := from.Full() + " " + ev.String()
		switch step.Do {
		case DoNone:
			if busy(step.To) {
				t.Errorf("%s: begins nothing, but %s waits for an outcome", at, step.To.Full())
			}
		case DoKeep:
			if step.To != from {
				t.Errorf("%s: keeps the effect of another status", at)
			}
		case DoAgain:
			if !busy(from) || !busy(step.To) {
				t.Errorf("%s: there is no effect to run again", at)
			}
		default:
			if !Can(step.To, OK) || !Can(step.To, Failed) {
				t.Errorf("%s: nobody waits for the outcome of %s in %s", at, step.Do, step.To.Full())
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

// TestBusyStatusesCanBeHelped: whoever waits for an outcome takes both, and an
// administrator can stand in for the driver.
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

// TestFailureWaitsForAPerson: a failed effect never begins another one by
// itself, so that nothing can fail in a circle.
func TestFailureWaitsForAPerson(t *testing.T) {
	t.Parallel()
	eachStep(func(from Status, ev Event, step Step) {
		if ev == Failed && step.Do != DoNone {
			t.Errorf("%s: its failure begins %s", from.Full(), step.Do)
		}
	})
}

// TestRetryRepeatsWhatFailed: each failure is left by the very effect that led there.
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

// TestChangesGoBackHome: a change returns to where it was asked for.
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
		t.Errorf("a backup that is given up is about %s; want %s", got, DoBackup)
	}
	if got := running.Change(); got != DoNone {
		t.Errorf("RUNNING changes %s; want nothing", got)
	}
}
