package cli

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// schedule prints the scheduled actions of an object. start is when a VM started, for relative
// times.
func (p *page) schedule(n *node, start int64) {
	actions := n.all("TEMPLATE/SCHED_ACTION")
	if len(actions) == 0 {
		return
	}
	p.section("SCHEDULED ACTIONS")
	at := func(n *node) int64 {
		if strings.HasPrefix(n.get("TIME"), "+") {
			return start + n.int("TIME")
		}
		return n.int("TIME")
	}
	p.table([]column{
		{"ID", "", 5, adjust, scheduledID},
		{"ACTION", "", 5, adjust, actionName},
		{"ARGS", "", 5, adjust, textOr("ARGS", "-")},
		{"SCHEDULED", "", 5, adjust, func(_ *view, n *node) string { return layoutTime(at(n), "01/02 15:04") }},
		{"REPEAT", "", 5, adjust, repeats},
		{"END", "", 5, adjust, repeatsUntil},
		{"STATUS", "", 50, left, func(v *view, n *node) string { return scheduleStatus(n, at(n), v.session.io.now()) }},
	}, actions)
}

// scheduledID marks an action with a warning that is due.
func scheduledID(v *view, n *node) string {
	if warning := n.int("WARNING"); n.int("DONE") <= 0 && warning != 0 && warning < v.session.io.now().Unix() {
		return "*" + n.get("ID")
	}
	return n.get("ID")
}

func repeats(_ *view, n *node) string {
	days := n.get("DAYS")
	switch n.get("REPEAT") {
	case "0":
		return "Weekly " + days
	case "1":
		return "Monthly " + days
	case "2":
		return "Yearly " + days
	case "3":
		return "Each " + days + " hours"
	}
	return days
}

func repeatsUntil(_ *view, n *node) string {
	switch n.get("END_TYPE") {
	case "0":
		return "None"
	case "1":
		return "After " + n.get("END_VALUE") + " times"
	case "2":
		return "On " + layoutTime(n.int("END_VALUE"), "01/02/06")
	}
	return ""
}

func scheduleStatus(n *node, at int64, now time.Time) string {
	if done := n.int("DONE"); done > 0 && n.int("REPEAT") < 0 {
		return "Done on " + layoutTime(done, "01/02 15:04")
	}
	if message := n.get("MESSAGE"); message != "" {
		return "Error! " + message
	}
	left := time.Unix(at, 0).Sub(now)
	days, hours, minutes := hundredths(left.Hours()/24), hundredths(left.Hours()), hundredths(left.Minutes())
	switch {
	case days > 1:
		return "Next in " + decimal(days) + " days"
	case hours > 1:
		return "Next in " + decimal(hours) + " hours"
	case minutes > 0:
		return "Next in " + decimal(minutes) + " minutes"
	}
	return "Overdue!"
}

func hundredths(value float64) float64 { return math.Round(value*100) / 100 }

// decimal formats a number with at least one decimal.
func decimal(value float64) string {
	text := strconv.FormatFloat(value, 'f', -1, 64)
	if !strings.Contains(text, ".") {
		text += ".0"
	}
	return text
}
