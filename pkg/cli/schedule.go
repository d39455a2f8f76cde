package cli

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"
)

// scheduleFlags are the options for the time and repetition of a scheduled action.
func scheduleFlags(f *pflag.FlagSet) {
	f.String("schedule", "", "do it at this time, such as '09/23 14:15', now, or +3600 (seconds after the VM's start)")
	f.String("weekly", "", "again on these days of the week, 0 (Sunday) to 6, as 0,2,4")
	f.String("monthly", "", "again on these days of the month, as 1,14")
	f.String("yearly", "", "again on these days of the year, 0 to 365, as 30,60")
	f.String("hourly", "", "again every so many hours")
	f.String("end", "", "stop after so many times, or on a date")
}

// later adds --schedule to a verb, which creates a scheduled action instead of acting. The
// arguments after the object become those of the action.
func (v verb) later() verb {
	args := v.args
	return v.laterWith(func(_ *session, in *input) (string, error) {
		var words []string
		for i := 1; i < len(in.words) && i < len(args); i++ {
			if args[i].kind == argText {
				words = append(words, in.word(i))
			} else {
				words = append(words, itoa(int64(in.number(i, -1))))
			}
		}
		return strings.Join(words, ","), nil
	})
}

// laterWith is later with arguments that are not on the command line.
func (v verb) laterWith(args func(s *session, in *input) (string, error)) verb {
	now, common := v.run, v.flags
	v.flags = func(f *pflag.FlagSet) {
		if common != nil {
			common(f)
		}
		scheduleFlags(f)
	}
	v.run = func(s *session, in *input) error {
		if !in.given("schedule") {
			return now(s, in)
		}
		words, err := args(s, in)
		if err != nil {
			return err
		}
		return s.schedule(in, scheduled{action: hard(v.name, in), args: words})
	}
	return v
}

// scheduled is a scheduled action. Its time is in seconds since 1970, or with a sign, since the
// start of the VM.
type scheduled struct {
	action, args, time, warning string
}

// schedule makes an action from the options.
func (s *session) schedule(in *input, a scheduled) error {
	at, err := s.scheduleTime(in.text("schedule"))
	if err != nil {
		return err
	}
	a.time = at
	repetition, err := s.repetition(in)
	if err != nil {
		return err
	}
	return s.addScheduled(in, a, repetition)
}

// addScheduled creates the action for all objects of the command.
func (s *session) addScheduled(in *input, a scheduled, repetition string) error {
	ofVM := in.noun.element == "VM"
	if !ofVM {
		a.action = "" // backup jobs have no other action
	}
	done := a.told(ofVM)
	s.verbose = true
	return s.each(in, done, func(id int) error {
		_, err := s.call(call(in.noun.method+"schedadd", id, a.template(repetition)))
		return err
	})
}

// told is the message about a created action.
func (a scheduled) told(ofVM bool) string {
	name, after := "backup", "s"
	if ofVM {
		name, after = a.action, "s from start"
	}
	if strings.HasPrefix(a.time, "+") {
		return name + " scheduled after " + a.time + after
	}
	seconds, _ := strconv.ParseInt(a.time, 10, 64)
	return name + " scheduled at " + time.Unix(seconds, 0).Format("2006-01-02 15:04:05 -0700")
}

func (a scheduled) template(repetition string) string {
	var parts []string
	for _, part := range [][2]string{{"ACTION", a.action}, {"WARNING", a.warning}, {"ARGS", a.args}, {"TIME", a.time}} {
		if part[1] != "" {
			parts = append(parts, part[0]+" = "+quote(part[1]))
		}
	}
	return "SCHED_ACTION = [" + strings.Join(parts, ", ") + repetition + "]"
}

func (s *session) scheduleTime(text string) (string, error) {
	switch {
	case strings.HasPrefix(text, "+"):
		return text, nil
	case text == "now":
		return itoa(s.io.now().Unix()), nil
	}
	at, err := parseWhen(text, s.io.now())
	if err != nil {
		return "", sayf("Error parsing time spec: %s", text)
	}
	return itoa(at.Unix()), nil
}

// repetition is the part of an action about its repetition and end.
func (s *session) repetition(in *input) (text string, err error) {
	for i, name := range []string{"weekly", "monthly", "yearly", "hourly"} {
		if in.given(name) {
			text = fmt.Sprintf(", REPEAT = %d, DAYS = %s", i, quote(in.text(name)))
			break
		}
	}
	switch end := in.text("end"); {
	case end == "" && text == "":
		return "", nil
	case end == "":
		return text + ", END_TYPE = 0", nil
	case strings.Trim(end, "0") == "":
		return text, nil
	case digits.MatchString(end):
		return text + ", END_TYPE = 1, END_VALUE = " + end, nil
	default:
		day, err := parseWhen(end, s.io.now())
		midnight := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, day.Location())
		return fmt.Sprintf("%s, END_TYPE = 2, END_VALUE = %d", text, midnight.Unix()), err
	}
}
