package schedule

import (
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/one"
)

func said(t *testing.T, text string) *attr.Attr {
	t.Helper()
	tmpl, err := attr.Parse("SCHED_ACTION=[" + text + "]")
	if err != nil {
		t.Fatal(err)
	}
	return tmpl.Vector("SCHED_ACTION")
}

func blank(kind one.Kind) *Action {
	return &Action{Kind: kind, Time: unset, Repeat: Once, EndType: EndNone, EndValue: unset, Done: unset}
}

// TestRefusals are oned's words, in oned's order.
func TestRefusals(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`ACTION=foo,TIME=soon`:                                       "foo is not supported.",
		`TIME=5`:                                                     "No ACTION in template for Scheduled Action.",
		`ACTION=poweroff`:                                            "Unable to parse the time value or value is empty: ",
		`ACTION=poweroff,TIME=5x`:                                    "Unable to parse the time value or value is empty: 5x",
		`ACTION=poweroff,TIME=5,WARNING=z`:                           "Unable to parse the warning value: z",
		`ACTION=poweroff,TIME=5,REPEAT=4`:                            "Wrong REPEAT value: 4",
		`ACTION=poweroff,TIME=5,REPEAT=0`:                            "Repeat set, but DAYS are empty",
		`ACTION=poweroff,TIME=5,REPEAT=0,DAYS=""`:                    "Scheduled Action repeat set, but DAYS are empty",
		`ACTION=poweroff,TIME=5,REPEAT=0,DAYS="0,7"`:                 "Days in a week have to be in [0,6] range",
		`ACTION=poweroff,TIME=5,REPEAT=1,DAYS="0"`:                   "Days in a month have to be in [1,31] range",
		`ACTION=poweroff,TIME=5,REPEAT=2,DAYS="366"`:                 "Days in a year have to be in [0,365] range",
		`ACTION=poweroff,TIME=5,REPEAT=3,DAYS="1,2"`:                 "Hours have to be in [0,168] range",
		`ACTION=poweroff,TIME=5,END_TYPE=3`:                          "Wrong END_TYPE value: 3",
		`ACTION=poweroff,TIME=5,END_TYPE=1,END_VALUE=-2`:             "Error parsing END_VALUE, times has to be greater or equal to 0",
		`ACTION=poweroff,TIME=5,REPEAT=0,DAYS="1,5",END_TYPE=1`:      "",
		`ACTION=backup,TIME="+3600",REPEAT=1,DAYS="31,1",WARNING=-5`: "",
	} {
		err := blank(one.KindVM).read(said(t, text), 100)
		if got := errText(err); got != want {
			t.Errorf("%s: %q; want %q", text, got, want)
		}
	}
}

func errText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// TestTimesFromTheBeginning: VMs know times that count from their start, backup
// jobs do not.
func TestTimesFromTheBeginning(t *testing.T) {
	t.Parallel()
	a := blank(one.KindVM)
	if err := a.read(said(t, `ACTION=stop,TIME="+60",WARNING="+30"`), 1000); err != nil || a.Time != 1060 || a.Warning != 1030 {
		t.Errorf("+60 from 1000 is %d with a warning at %d, %v; want 1060 and 1030", a.Time, a.Warning, err)
	}
	job := blank(one.KindBackupJob)
	if err := job.read(said(t, `TIME="+60"`), 1000); err == nil {
		t.Error("a backup job took a relative time")
	}
	if err := job.read(said(t, `ACTION=stop,TIME=60`), 0); err != nil || job.Action != "backup" {
		t.Errorf("a job's action is %q, %v; want backup, whatever it says", job.Action, err)
	}
}

// TestUpdatesKeepTheRest: what is not said stays.
func TestUpdatesKeepTheRest(t *testing.T) {
	t.Parallel()
	a := blank(one.KindVM)
	first := `ACTION=snapshot-create,ARGS=s,TIME=10,REPEAT=0,DAYS="1,5",END_TYPE=1,END_VALUE=5`
	if err := a.read(said(t, first), 0); err != nil {
		t.Fatal(err)
	}
	if err := a.read(said(t, `TIME=20`), 0); err != nil {
		t.Fatal(err)
	}
	want := Action{Kind: one.KindVM, Action: "snapshot-create", Args: "s", Time: 20, Days: "1,5", EndType: EndTimes, EndValue: 5, Done: unset}
	if *a != want {
		t.Errorf("it is %+v; want %+v", *a, want)
	}
	if err := a.read(said(t, `REPEAT=-1,END_TYPE=0`), 0); err != nil || a.Days != "" || a.EndValue != unset {
		t.Errorf("without repetition it still has DAYS %q and END_VALUE %d, %v", a.Days, a.EndValue, err)
	}
}

func at(text string) time.Time {
	tm, err := time.Parse("2006-01-02 15:04", text)
	if err != nil {
		panic(err)
	}
	return tm
}

// TestWhenAgain is the calendar: when an action is done next.
func TestWhenAgain(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, text, was, now, want string
	}{
		{"weekly, later this week", `REPEAT=0,DAYS="1,5"`, "2026-11-23 10:00", "2026-11-23 10:01", "2026-11-27 10:00"},
		{"weekly, next week", `REPEAT=0,DAYS="1,5"`, "2026-11-27 10:00", "2026-11-27 10:01", "2026-11-30 10:00"},
		{"weekly, first day ahead", `REPEAT=0,DAYS="5"`, "2026-11-23 10:00", "2026-11-23 10:01", "2026-11-27 10:00"},
		{"weekly, three days late", `REPEAT=0,DAYS="1"`, "2026-11-23 10:00", "2026-11-26 12:00", "2026-11-30 10:00"},
		{"weekly, after midnight", `REPEAT=0,DAYS="1,2"`, "2026-11-23 23:59", "2026-11-24 00:00", "2026-11-24 23:59"},
		{"monthly", `REPEAT=1,DAYS="1,15"`, "2026-11-15 10:00", "2026-11-15 10:01", "2026-12-01 10:00"},
		{"monthly, leap year", `REPEAT=1,DAYS="1"`, "2028-02-01 10:00", "2028-02-01 10:01", "2028-03-01 10:00"},
		{"yearly", `REPEAT=2,DAYS="0"`, "2026-01-01 10:00", "2026-01-01 10:01", "2027-01-01 10:00"},
		{"hourly", `REPEAT=3,DAYS="6"`, "2026-11-23 10:00", "2026-11-23 10:01", "2026-11-23 16:00"},
		{"hourly, late", `REPEAT=3,DAYS="6"`, "2026-11-23 10:00", "2026-11-24 11:00", "2026-11-24 16:00"},
		{"no hours are no repetition", `REPEAT=3,DAYS="0"`, "2026-11-23 10:00", "2026-11-24 11:00", "2026-11-23 10:00"},
		{"once", `REPEAT=-1`, "2026-11-23 10:00", "2026-11-23 10:01", "2026-11-23 10:00"},
	} {
		a := blank(one.KindVM)
		if err := a.read(said(t, "ACTION=stop,TIME=1,"+c.text), 0); err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		a.Time = at(c.was).Unix()
		a.Succeeded(at(c.now))
		if got := time.Unix(a.Time, 0).UTC().Format("2006-01-02 15:04"); got != c.want {
			t.Errorf("%s: next at %s; want %s", c.name, got, c.want)
		}
	}
}

// TestEnds: an action is done as often as it says, and not after its last day.
func TestEnds(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		`REPEAT=3,DAYS=1,END_TYPE=1,END_VALUE=5`:     5,
		`REPEAT=3,DAYS=1,END_TYPE=1,END_VALUE=0`:     1,
		`REPEAT=3,DAYS=1,END_TYPE=1`:                 1,
		`REPEAT=3,DAYS=1,END_TYPE=2,END_VALUE=10900`: 3, // at 3600, 7200, 10800
		`END_TYPE=1,END_VALUE=5`:                     1,
	} {
		a := blank(one.KindVM)
		if err := a.read(said(t, "ACTION=stop,TIME=3600,"+text), 0); err != nil {
			t.Fatal(err)
		}
		times := 0
		for now := time.Unix(0, 0); now.Unix() < 100*3600; now = now.Add(10 * time.Minute) {
			if a.Waits() && !a.From().After(now) {
				a.Succeeded(now)
				times++
			}
		}
		if times != want {
			t.Errorf("%s: done %d times; want %d", text, times, want)
		}
	}
}

// TestNextIsAlwaysAhead: whatever the calendar and the delay, a repeated action
// moves to a day that it names, at its time of the day, and does not fall behind.
func TestNextIsAlwaysAhead(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		unit := Repeat(rapid.IntRange(0, 2).Draw(t, "unit"))
		r := ranges[unit]
		first := min(r.last, 28) // days that every period has
		a := &Action{Repeat: unit, EndType: EndNever, Days: strconv.Itoa(rapid.IntRange(r.first, first).Draw(t, "day"))}
		a.Time = rapid.Int64Range(0, 4e9).Draw(t, "time")
		was := a.Time
		now := time.Unix(a.Time+rapid.Int64Range(1, 40*day).Draw(t, "late"), 0).UTC()
		a.Succeeded(now)
		if a.Time <= now.Unix()-day || (a.Time-was)%day != 0 || a.Time <= was {
			t.Fatalf("it was %d, done at %d, and is next at %d", was, now.Unix(), a.Time)
		}
		if d := dayOf(unit, time.Unix(a.Time, 0).UTC()); d != a.days()[0] {
			t.Fatalf("next is on day %d, not on %s", d, a.Days)
		}
	})
}
