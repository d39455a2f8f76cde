package lifecycle

import "testing"

// TestRecordsFollowHoldings makes sure that capacity and quotas cannot drift: in every step,
// marks open and close records exactly when the holdings change.
func TestRecordsFollowHoldings(t *testing.T) {
	t.Parallel()
	eachStep(func(from Status, ev Event, step Step) {
		want := from.Holds()
		m := step.Marks
		if m.Has(OpenRecord) {
			want.OldHost, want.Host = want.Host, true
		}
		if m.Has(CloseOldRecord) {
			if !want.OldHost {
				t.Errorf("%s %s: has no capacity on an old host to free", from.Full(), ev)
			}
			want.OldHost = false
		}
		if m.Has(RevertRecord) {
			want.OldHost = false // the newest record is now the old host's again
		}
		if m.Has(CloseRecord) {
			if !want.Host {
				t.Errorf("%s %s: has no open record to close", from.Full(), ev)
			}
			want.Host = false
		}
		if m.Has(RenewRecord) && !want.Host {
			t.Errorf("%s %s: has no open record to renew", from.Full(), ev)
		}
		want.Running = (want.Running || m.Has(TakeRunningQuota)) && !m.Has(ReleaseRunningQuota) && !m.Has(ReleaseAll)
		if got := step.To.Holds(); got != want {
			t.Errorf("%s %s → %s: marks %s lead to %+v; the status holds %+v",
				from.Full(), ev, step.To.Full(), m, want, got)
		}
	})
}

// TestNothingIsChargedOrReleasedTwice: nothing is charged or released twice.
func TestNothingIsChargedOrReleasedTwice(t *testing.T) {
	t.Parallel()
	eachStep(func(from Status, ev Event, step Step) {
		had := from.Holds()
		if had.Running && step.Marks.Has(TakeRunningQuota) || !had.Running && step.Marks.Has(ReleaseRunningQuota) {
			t.Errorf("%s %s: RUNNING_ quotas are charged or released twice", from.Full(), ev)
		}
		if step.Marks.Has(ReleaseAll) != (step.To == done && from != done) {
			t.Errorf("%s %s: want ReleaseAll exactly when the VM ends", from.Full(), ev)
		}
		if from.Change() != DoNone && step.To.Change() == DoNone && step.Marks&(CommitChange|UndoChange) == 0 {
			t.Errorf("%s %s: the change is neither committed nor undone", from.Full(), ev)
		}
		if step.Marks&(CommitChange|UndoChange) != 0 && from.Change() == DoNone {
			t.Errorf("%s %s: there is no change to commit or undo", from.Full(), ev)
		}
	})
}

// TestPlacementIsWoken: the scheduler runs whenever there is a VM to place or capacity becomes
// free.
func TestPlacementIsWoken(t *testing.T) {
	t.Parallel()
	eachStep(func(from Status, ev Event, step Step) {
		toPlace := step.To.State == pending.State && from.State != pending.State
		room := step.Marks&(CloseRecord|CloseOldRecord|RevertRecord) != 0
		flag := step.Marks.Has(SetResched)
		if want := toPlace || room || flag; step.Marks.Has(WakePlacement) != want {
			t.Errorf("%s %s → %s: wakes placement: %t; want %t", from.Full(), ev, step.To.Full(), !want, want)
		}
	})
}
