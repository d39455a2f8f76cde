package cli

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

const suffixes = "KMGT"

// size formats a number of units ('K' or 'M', binary) with the largest suitable suffix and at
// most one decimal, as OpenNebula's lists do.
func size(value int64, unit byte) string { return scaled(float64(value), unit) }

// scaled is size for fractions.
func scaled(value float64, unit byte) string {
	i := strings.IndexByte(suffixes, unit)
	for value > 1024 && i < len(suffixes)-1 {
		value /= 1024
		i++
	}
	return strconv.FormatFloat(math.Round(value*10)/10, 'f', -1, 64) + suffixes[i:i+1]
}

// period formats a duration as in the TIME column of lists.
func period(d time.Duration) string {
	minutes := int64(math.Floor(d.Minutes()))
	return fmt.Sprintf("%3dd %02dh%02dm", minutes/60/24, minutes/60%24, minutes%60)
}

// shortPeriod formats a duration in hours, minutes and seconds.
func shortPeriod(d time.Duration) string {
	seconds := int64(d.Seconds())
	return fmt.Sprintf("%3dh%02dm%02ds", seconds/3600, seconds/60%60, seconds%60)
}

// stamp formats seconds since 1970 as month/day and time.
func stamp(seconds int64) string { return layoutTime(seconds, "01/02 15:04:05") }

func layoutTime(seconds int64, layout string) string {
	if seconds == 0 {
		return "-"
	}
	return time.Unix(seconds, 0).Format(layout)
}

// yesNo formats 1 as Yes.
func yesNo(text string) string {
	if text == "1" {
		return "Yes"
	}
	return "No"
}

// lockLevel is the name of the level in LOCKED.
func lockLevel(text string) string {
	switch text {
	case "", "0":
		return "None"
	case "1":
		return "Use"
	case "2":
		return "Manage"
	case "3":
		return "Admin"
	case "4":
		return "All"
	}
	return "-"
}

var sizeForm = regexp.MustCompile(`^([0-9]+(?:\.[0-9]+)?)(?:([mgt])b?)?$`)

// maxMebibytes is an exbibyte: anything larger is a typo, and could overflow later.
const maxMebibytes = 1 << 40

// mebibytes parses a size such as 512, 8g or 1.5tb. Sizes without a suffix are in MiB.
func mebibytes(text string, round func(float64) float64) (int64, error) {
	parts := sizeForm.FindStringSubmatch(strings.ToLower(strings.TrimSpace(text)))
	if parts == nil {
		return 0, fmt.Errorf("size %q malformed: give a number of MiB, or one with m, g or t behind it", text)
	}
	value, err := strconv.ParseFloat(parts[1], 64)
	value *= map[string]float64{"": 1, "m": 1, "g": 1 << 10, "t": 1 << 20}[parts[2]]
	if err != nil || value > maxMebibytes {
		return 0, fmt.Errorf("size %q is too large", text)
	}
	return int64(round(value)), nil
}

// longPeriod formats a duration in days, hours, minutes and seconds.
func longPeriod(d time.Duration) string {
	seconds := int64(d.Seconds())
	return fmt.Sprintf("%3dd %02dh%02dm%02ds", seconds/86400, seconds/3600%24, seconds/60%60, seconds%60)
}
