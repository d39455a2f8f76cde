package schedule

import (
	"cmp"
	"slices"
	"time"

	"github.com/renkei-vpe/renkei/pkg/one"
	"github.com/renkei-vpe/renkei/pkg/store"
)

// Waits tells whether an action is still to be done.
func (a *Action) Waits() bool { return a.Time > a.Done }

// From is the first second in which an action may be done.
func (a *Action) From() time.Time { return time.Unix(a.Time+1, 0) }

// Due lists, for one kind of parent, the actions whose time has come, those of
// the earliest time first.
func Due(r store.Reader, kind one.Kind, now time.Time) []*Action {
	var list []*Action
	for row := range Table.All(r) {
		if a := row.Val; a.Kind == kind && a.Waits() && !a.From().After(now) {
			list = append(list, a)
		}
	}
	slices.SortStableFunc(list, func(a, b *Action) int { return cmp.Compare(a.Time, b.Time) })
	return list
}

// Next is when the first of the actions that are not due is.
func Next(r store.Reader, now time.Time) (at time.Time, some bool) {
	for row := range Table.All(r) {
		if a := row.Val; a.Waits() && a.From().After(now) && (!some || a.From().Before(at)) {
			at, some = a.From(), true
		}
	}
	return at, some
}

// Succeeded notes that an action was done now, and when it is to be done again.
// What was done for the last time keeps its time, which is then past.
func (a *Action) Succeeded(now time.Time) {
	a.Message, a.Done = "", now.Unix()
	days := a.days()
	if a.Repeat == Once || len(days) == 0 || a.ended() {
		return
	}
	next := a.following(days, now)
	if a.EndType == EndDate && next > a.EndValue {
		return
	}
	if a.Time = next; a.Repeat != Hourly {
		a.Warning = 0
	}
}

// ended counts one time more and tells whether it was the last.
func (a *Action) ended() bool {
	if a.EndType != EndTimes {
		return false
	}
	a.EndValue = max(0, a.EndValue-1)
	return a.EndValue == 0
}

// following is the time after the one that was due. The hour of the day is
// kept in seconds, as oned does: it shifts where clocks do. What was late for
// days is done next on the right day.
func (a *Action) following(days []int, now time.Time) int64 {
	if a.Repeat == Hourly {
		return afterHours(a.Time, int64(days[0])*3600, now.Unix())
	}
	last := a.Time + max(0, now.Unix()-a.Time)/day*day
	return last + int64(daysAhead(a.Repeat, days, time.Unix(last, 0).In(now.Location())))*day
}

const day = 24 * 3600

// afterHours is the first of t+step, t+2·step … that is not past. A step of no
// hours is no repetition.
func afterHours(t, step, now int64) int64 {
	if step <= 0 {
		return t
	}
	t += step
	if t < now {
		t += (now - t + step - 1) / step * step
	}
	return t
}

// daysAhead is how many days after that of t the next one of days is.
func daysAhead(unit Repeat, days []int, t time.Time) int {
	today := dayOf(unit, t)
	if at := slices.IndexFunc(days, func(d int) bool { return d > today }); at >= 0 {
		return days[at] - today
	}
	return period(unit, t) - today + days[0]
}

func dayOf(unit Repeat, t time.Time) int {
	switch unit {
	case Weekly:
		return int(t.Weekday())
	case Monthly:
		return t.Day()
	}
	return t.YearDay() - 1
}

// period is how many days the week, the month or the year has.
func period(unit Repeat, t time.Time) int {
	switch unit {
	case Weekly:
		return 7
	case Monthly:
		return time.Date(t.Year(), t.Month()+1, 0, 12, 0, 0, 0, time.UTC).Day()
	}
	return time.Date(t.Year(), 12, 31, 12, 0, 0, 0, time.UTC).YearDay()
}

// Failed notes that an action could not be done now, and why. It stays due.
func (a *Action) Failed(now time.Time, why string) {
	a.Message = now.Format(time.ANSIC) + " : " + why
}
