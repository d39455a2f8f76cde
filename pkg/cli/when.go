package cli

import (
	"fmt"
	"strings"
	"time"
)

// moment is a format for times, and which part is taken from the present: the date, the year,
// or nothing.
type moment struct {
	layout string
	rest   restOfDate
}

type restOfDate int

const (
	restNothing restOfDate = iota
	restYear
	restDate
)

func moments() []moment {
	return []moment{
		{"2006-01-02", restNothing}, {"2006/01/02", restNothing}, {"02/01/2006", restNothing}, {"2.1.2006", restNothing},
		{"2 Jan 2006", restNothing}, {"Jan 2 2006", restNothing}, {"Jan 2, 2006", restNothing}, {"20060102", restNothing},
		{"2006-01", restNothing}, {"2006/01", restNothing},
		{"01/02", restYear}, {"1/2", restYear}, {"2 Jan", restYear}, {"Jan 2", restYear},
	}
}

func clocks() []string { return []string{"", " 15:04", " 15:04:05", "T15:04", "T15:04:05"} }

func zones() []string { return []string{"", " -0700", " -07:00", "-07:00", "Z07:00", " MST"} }

// parseWhen parses a date, a time, or both; missing parts are those of now.
func parseWhen(text string, now time.Time) (time.Time, error) {
	text = strings.TrimSpace(text)
	for _, whole := range []string{time.RFC1123, time.RFC1123Z, time.ANSIC, time.UnixDate} {
		if t, err := time.ParseInLocation(whole, text, now.Location()); err == nil {
			return t, nil
		}
	}
	for _, zone := range zones() {
		for _, clock := range clocks() {
			for _, m := range moments() {
				if t, err := time.ParseInLocation(m.layout+clock+zone, text, now.Location()); err == nil {
					return complete(t, m.rest, now), nil
				}
			}
			if clock = strings.TrimLeft(clock, " T"); clock == "" {
				continue
			}
			if t, err := time.ParseInLocation(clock+zone, text, now.Location()); err == nil {
				return complete(t, restDate, now), nil
			}
		}
	}
	return time.Time{}, fmt.Errorf("%q is no time: write it as 2006-01-31 14:15, 01/31 14:15 or 14:15", text)
}

// complete fills in the missing parts of a time.
func complete(t time.Time, rest restOfDate, now time.Time) time.Time {
	year, month, day := t.Date()
	switch rest {
	case restYear:
		year = now.Year()
	case restDate:
		year, month, day = now.Date()
	}
	return time.Date(year, month, day, t.Hour(), t.Minute(), t.Second(), 0, t.Location())
}
