package schedule

import (
	"slices"
	"strconv"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/attr"
	"github.com/renkei-vpe/renkei/pkg/one"
)

// vmActions are what may be scheduled for VMs.
var vmActions = []string{
	"terminate", "terminate-hard", "undeploy", "undeploy-hard", "hold", "release", "stop", "suspend", "resume",
	"reboot", "reboot-hard", "poweroff", "poweroff-hard", "snapshot-create", "snapshot-revert", "snapshot-delete",
	"disk-snapshot-create", "disk-snapshot-revert", "disk-snapshot-delete", "backup",
}

// read takes over what a SCHED_ACTION says, in the order of oned's checks
// (ScheduledAction::parse): the first thing wrong is what is told.
func (a *Action) read(said *attr.Attr, origin int64) error {
	for _, step := range []func(*attr.Attr, int64) error{a.readAction, a.readTime, a.readWarning, a.readRepeat, a.readEnd} {
		if err := step(said, origin); err != nil {
			return err
		}
	}
	if args, ok := said.Lookup("ARGS"); ok {
		a.Args = args
	}
	return nil
}

func (a *Action) readAction(said *attr.Attr, _ int64) error {
	name := said.Get("ACTION")
	switch {
	case a.Kind == one.KindBackupJob:
		a.Action = "backup"
	case name == "":
	case !slices.Contains(vmActions, name):
		return wrong("%s is not supported.", name)
	default:
		a.Action = name
	}
	if a.Action == "" {
		return wrong("No ACTION in template for Scheduled Action.")
	}
	return nil
}

func (a *Action) readTime(said *attr.Attr, origin int64) error {
	text := said.Get("TIME")
	if text != "" {
		a.Time = a.instant(text, origin)
	}
	if a.Time == unset {
		return wrong("Unable to parse the time value or value is empty: %s", text)
	}
	return nil
}

func (a *Action) readWarning(said *attr.Attr, origin int64) error {
	text := said.Get("WARNING")
	if text != "" {
		a.Warning = a.instant(text, origin)
	}
	if a.Warning == unset {
		return wrong("Unable to parse the warning value: %s", text)
	}
	return nil
}

// instant reads seconds since 1970, or +seconds since origin, which backup jobs
// do not have.
func (a *Action) instant(text string, origin int64) int64 {
	rest, relative := strings.CutPrefix(text, "+")
	if relative && a.Kind == one.KindBackupJob {
		return unset
	}
	n, err := strconv.ParseInt(strings.TrimLeft(rest, " \t\n\v\f\r"), 10, 64)
	switch {
	case err != nil:
		return unset
	case relative:
		return n + origin
	}
	return n
}

func (a *Action) readRepeat(said *attr.Attr, _ int64) error {
	if n, ok := said.Int("REPEAT"); ok {
		if n < int(Once) || n > int(Hourly) {
			return wrong("Wrong REPEAT value: %d", n)
		}
		a.Repeat = Repeat(n)
	}
	days, ok := said.Lookup("DAYS")
	switch {
	case a.Repeat == Once:
		a.Days = ""
	case ok:
		a.Days = days
		return a.checkDays()
	case a.Days == "":
		return wrong("Repeat set, but DAYS are empty")
	}
	return nil
}

// ranges are what Days may be, by Repeat, and what is said of others.
var ranges = [...]struct {
	first, last int
	text        string
}{
	Weekly:  {0, 6, "Days in a week have to be in [0,6] range"},
	Monthly: {1, 31, "Days in a month have to be in [1,31] range"},
	Yearly:  {0, 365, "Days in a year have to be in [0,365] range"},
	Hourly:  {0, 167, "Hours have to be in [0,168] range"},
}

// checkDays refuses days that the repetition does not have. Like oned it takes
// 167 hours at the most, and 366 days in a year for one too many.
func (a *Action) checkDays() error {
	days := a.days()
	if len(days) == 0 {
		return wrong("Scheduled Action repeat set, but DAYS are empty")
	}
	r := ranges[a.Repeat]
	if days[0] < r.first || days[len(days)-1] > r.last || a.Repeat == Hourly && len(days) != 1 {
		return wrong("%s", r.text)
	}
	return nil
}

// days lists Days in order, each once; what is no number is left out.
func (a *Action) days() []int {
	var list []int
	for _, word := range strings.Split(a.Days, ",") {
		if n, ok := leadingInt(word); ok && !slices.Contains(list, n) {
			list = append(list, n)
		}
	}
	slices.Sort(list)
	return list
}

// leadingInt reads the number that a word begins with, as C++ streams do.
func leadingInt(word string) (int, bool) {
	word = strings.TrimLeft(word, " \t\n\v\f\r")
	end := 0
	for end < len(word) && (word[end] >= '0' && word[end] <= '9' || end == 0 && (word[end] == '-' || word[end] == '+')) {
		end++
	}
	n, err := strconv.Atoi(word[:end])
	return n, err == nil
}

func (a *Action) readEnd(said *attr.Attr, _ int64) error {
	if n, ok := said.Int("END_TYPE"); ok {
		if n < int(EndNone) || n > int(EndDate) {
			return wrong("Wrong END_TYPE value: %d", n)
		}
		a.EndType = EndType(n)
	}
	if a.EndType <= EndNever {
		a.EndValue = unset
		return nil
	}
	if n, ok := said.Int("END_VALUE"); ok {
		a.EndValue = int64(n)
		if a.EndType == EndTimes && n < 0 {
			return wrong("Error parsing END_VALUE, times has to be greater or equal to 0")
		}
	}
	return nil
}

func wrong(format string, args ...any) error { return one.Errorf(one.CodeInternal, format, args...) }
