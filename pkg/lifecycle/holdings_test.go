package lifecycle

import "testing"

// TestRecordsFollowHoldings proves that capacity and quotas cannot drift:
// whatever way a VM takes, a mark stands wherever its holdings change, and
// nowhere else.
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
				t.Errorf("%s %s: there is no old host to leave", from.Full(), ev)
			}
			want.OldHost = false
		}
		if m.Has(RevertRecord) {
			want.OldHost = false // the newest record is now the old host's again
		}
		if m.Has(CloseRecord) {
			if !want.Host {
				t.Errorf("%s %s: there is no record to close", from.Full(), ev)
			}
			want.Host = false
		}
		if m.Has(RenewRecord) && !want.Host {
			t.Errorf("%s %s: there is no record to renew", from.Full(), ev)
		}
		want.Running = (want.Running || m.Has(TakeRunningQuota)) && !m.Has(ReleaseRunningQuota) && !m.Has(ReleaseAll)
		if got := step.To.Holds(); got != want {
			t.Errorf("%s %s → %s: marks %s lead to %+v; the status holds %+v",
				from.Full(), ev, step.To.Full(), m, want, got)
		}
	})
}

// TestMarksAreToldOnce: taking twice and giving back twice are both drift.
func TestMarksAreToldOnce(t *testing.T) {
	t.Parallel()
	eachStep(func(from Status, ev Event, step Step) {
		had := from.Holds()
		if had.Running && step.Marks.Has(TakeRunningQuota) || !had.Running && step.Marks.Has(ReleaseRunningQuota) {
			t.Errorf("%s %s: running quota is settled already", from.Full(), ev)
		}
		if step.Marks.Has(ReleaseAll) != (step.To == done && from != done) {
			t.Errorf("%s %s: what a VM has is given back when it ends, and only then", from.Full(), ev)
		}
		if from.Change() != DoNone && step.To.Change() == DoNone && step.Marks&(CommitChange|UndoChange) == 0 {
			t.Errorf("%s %s: the change is neither done nor undone", from.Full(), ev)
		}
		if step.Marks&(CommitChange|UndoChange) != 0 && from.Change() == DoNone {
			t.Errorf("%s %s: there is no change to settle", from.Full(), ev)
		}
	})
}

// TestPlacementIsWoken whenever there is a VM to place or capacity is given back.
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
