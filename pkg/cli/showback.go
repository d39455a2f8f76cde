package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"
)

func showbackNoun() *noun {
	n := &noun{
		name: "showback", program: "oneshowback", element: "SHOWBACK", title: "showback record",
		pool: "one.vmpool.showback",
		columns: []column{
			{"UID", "User ID", 4, adjust, text("UID")},
			{"USER_NAME", "User name", 8, left, text("UNAME")},
			{"GID", "Group ID", 4, 0, text("GID")},
			{"GROUP_NAME", "Group name", 8, left, text("GNAME")},
			{"VM_ID", "Virtual Machine ID", 6, 0, text("VMID")},
			{"VM_NAME", "Virtual Machine name", 15, left, text("VMNAME")},
			{"MONTH", "Month", 5, 0, text("MONTH")},
			{"YEAR", "Year", 5, 0, text("YEAR")},
			{"HOURS", "Hours", 6, 0, text("HOURS")},
			{"RUNNING_HOURS", "Running hours", 7, 0, textOr("RHOURS", "-")},
			{"COST", "Cost", 15, 0, text("TOTAL_COST")},
		},
		defaults: strings.Fields("USER_NAME GROUP_NAME VM_ID VM_NAME MONTH YEAR HOURS RUNNING_HOURS COST"),
	}
	n.verbs = []verb{
		{
			name: "list", short: "Show what VMs have cost, by month",
			flags: func(f *pflag.FlagSet) {
				monthFlags(f)
				ownerFilterFlags(f)
				formatFlags(f)
				tableFlags(f)
			},
			run: runShowback,
		},
		{name: "calculate", short: "Calculate what VMs have cost", flags: monthFlags, run: runCalculate},
	}
	return n
}

func monthFlags(f *pflag.FlagSet) {
	f.StringP("start", "s", "", "first month, by a day in it, as 2026-01-01")
	f.StringP("end", "e", "", "last month, by a day in it")
}

// months are the first and the last requested month, each with its year; -1 is no limit.
func (s *session) months(in *input) ([]any, error) {
	var numbers []any
	for _, name := range []string{"start", "end"} {
		month, year := -1, -1
		if in.given(name) {
			t, err := parseWhen(in.text(name), s.io.now())
			if err != nil {
				return nil, err
			}
			month, year = int(t.Month()), t.Year()
		}
		numbers = append(numbers, month, year)
	}
	return numbers, nil
}

func runCalculate(s *session, in *input) error {
	months, err := s.months(in)
	if err != nil {
		return err
	}
	answer, err := s.call(call("one.vmpool.calculateshowback", months...))
	if err == nil {
		fmt.Fprintln(s.out, answer.Text)
	}
	return err
}

func runShowback(s *session, in *input) error {
	if in.bool("describe") {
		return s.describe(in)
	}
	months, err := s.months(in)
	if err != nil {
		return err
	}
	owner, err := s.option(in, "userfilter", "USER", allObjects)
	if err != nil {
		return err
	}
	group, err := s.option(in, "group", "GROUP", -1)
	if err != nil {
		return err
	}
	root, _, err := s.read(call(in.noun.pool, append([]any{owner}, months...)...))
	if err != nil {
		return err
	}
	root.kids = slices.DeleteFunc(root.all("SHOWBACK"), func(n *node) bool { return group >= 0 && int(n.int("GID")) != group })
	if done, err := s.printFormat(in, root, xmlText(root)); done {
		return err
	}
	return s.printShowback(in, root.kids)
}

func (s *session) printShowback(in *input, records []*node) error {
	if in.bool("csv") {
		return s.printRecords(in, records, in.noun.defaults)
	}
	years, byYear := grouped(records, "YEAR")
	for _, year := range years {
		months, byMonth := grouped(byYear[year], "MONTH")
		for _, month := range months {
			s.recordsHead("# Showback for " + month + "/" + year)
			if err := s.printRecords(in, byMonth[month], in.noun.defaults); err != nil {
				return err
			}
			fmt.Fprintln(s.out)
		}
	}
	return nil
}
