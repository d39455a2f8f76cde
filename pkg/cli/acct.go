package cli

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"
)

// acctNoun is oneacct, the usage of VMs. It is the only noun without verbs.
func acctNoun() *noun {
	n := &noun{
		name: "acct", program: "oneacct", element: "HISTORY", title: "accounting record",
		pool:    "one.vmpool.accounting",
		columns: acctColumns(), defaults: strings.Fields("VID HOSTNAME ACTION START_TIME END_TIME MEMORY CPU NETRX NETTX DISK"),
	}
	n.main = &verb{name: n.name, short: "Show what VMs have used", flags: acctFlags, run: runAcct}
	return n
}

func acctColumns() []column {
	return []column{
		{"UID", "User ID", 4, 0, text("UID")},
		{"VID", "Virtual Machine ID", 4, 0, text("OID")},
		{"SEQ", "History record sequence number", 3, 0, text("SEQ")},
		{"HOSTNAME", "Host name", 15, left, text("HOSTNAME")},
		{"ACTION", "VM state change action", 16, left, historyAction},
		{"START_TIME", "Start time", 14, 0, timeOf("STIME")},
		{"END_TIME", "End time", 14, 0, timeOf("ETIME")},
		{"MEMORY", "Assigned memory", 6, 0, func(_ *view, n *node) string { return size(n.int("VM/TEMPLATE/MEMORY"), 'M') }},
		{"CPU", "Number of CPUs", 3, 0, text("VM/TEMPLATE/CPU")},
		{"NETRX", "Data received from the network", 6, 0, traffic("NETRX")},
		{"NETTX", "Data sent to the network", 6, 0, traffic("NETTX")},
		{"DISK", "Total disk size used", 6, 0, diskUsed},
	}
}

// traffic is a count of bytes, in KiB and more.
func traffic(name string) func(*view, *node) string {
	return func(_ *view, n *node) string { return scaled(n.float("VM/MONITORING/"+name)/1024, 'K') }
}

// diskUsed adds up the sizes of a VM's disks and their snapshots.
func diskUsed(_ *view, n *node) string {
	var mib int64
	for _, path := range []string{"VM/TEMPLATE/DISK", "VM/SNAPSHOTS/SNAPSHOT"} {
		for _, part := range n.all(path) {
			mib += part.int("SIZE")
		}
	}
	return size(mib*1024, 'K')
}

func acctFlags(f *pflag.FlagSet) {
	f.StringP("start", "s", "", "only what was still active at this time, as 2026-01-31")
	f.StringP("end", "e", "", "only what began before this time; a day counts to its end")
	ownerFilterFlags(f)
	f.StringP("host", "H", "", "only of this host, by ID or name")
	f.StringP("timezone", "t", "", "time zone to show times in, such as UTC")
	f.Bool("split", false, "a table for each VM")
	f.BoolP("xml", "x", false, "as XML")
	f.BoolP("json", "j", false, "as JSON")
	tableFlags(f)
}

func ownerFilterFlags(f *pflag.FlagSet) {
	f.StringP("userfilter", "u", "", "only of this user, by ID or name")
	f.StringP("group", "g", "", "only of this group, by ID or name")
}

// tableFlags are the options of tables that oneacct and oneshowback share.
func tableFlags(f *pflag.FlagSet) {
	listFlag(f, "list", "l", "columns to show")
	f.Bool("csv", false, "write the table as CSV")
	f.String("csv-del", ",", "delimiter of CSV")
	f.Bool("no-header", false, "leave out the header")
	f.Bool("describe", false, "describe the available columns")
}

func runAcct(s *session, in *input) error {
	if in.bool("describe") {
		return s.describe(in)
	}
	start, end, err := s.acctPeriod(in)
	if err != nil {
		return err
	}
	owner, err := s.option(in, "userfilter", "USER", allObjects)
	if err != nil {
		return err
	}
	root, _, err := s.read(call(in.noun.pool, owner, start, end))
	if err != nil {
		return err
	}
	if root.kids, err = s.acctRecords(in, root); err != nil {
		return err
	}
	if err := useZone(in.text("timezone")); err != nil {
		return err
	}
	if done, err := s.printFormat(in, root, xmlText(root)); done {
		return err
	}
	return s.printAcct(in, root.kids, start, end)
}

// acctPeriod is the requested period, in seconds; -1 is no limit.
func (s *session) acctPeriod(in *input) (start, end int, err error) {
	start, end = -1, -1
	if in.given("start") {
		t, err := parseWhen(in.text("start"), s.io.now())
		if err != nil {
			return 0, 0, err
		}
		start = int(t.Unix())
	}
	if in.given("end") {
		t, err := parseWhen(in.text("end"), s.io.now())
		if err != nil {
			return 0, 0, err
		}
		if t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0 {
			t = t.Add(24 * time.Hour)
		}
		end = int(t.Unix())
	}
	return start, end, nil
}

// acctRecords filters records by host and by group, if any is given; a record that matches
// either is kept.
func (s *session) acctRecords(in *input, root *node) ([]*node, error) {
	host, err := s.option(in, "host", "HOST", -1)
	if err != nil {
		return nil, err
	}
	group, err := s.option(in, "group", "GROUP", -1)
	if err != nil {
		return nil, err
	}
	records := root.all("HISTORY")
	if host < 0 && group < 0 {
		return records, nil
	}
	return slices.DeleteFunc(records, func(n *node) bool {
		return (host < 0 || int(n.int("HID")) != host) && (group < 0 || int(n.int("VM/GID")) != group)
	}), nil
}

// useZone sets the time zone of all output.
func useZone(name string) error {
	if name == "" {
		return nil
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return fmt.Errorf("--timezone: %w", err)
	}
	time.Local = zone // for the whole process, which runs only this command
	return nil
}

func (s *session) printAcct(in *input, records []*node, start, end int) error {
	users, byUser := grouped(records, "VM/UID")
	if in.bool("csv") {
		return s.acctCSV(in, users, byUser)
	}
	if start != -1 || end != -1 {
		fmt.Fprintf(s.out, "Showing active history records from %s to %s\n\n", s.bound(start), s.bound(end))
	}
	for _, user := range users {
		s.recordsHead("# User " + user)
		tables := [][]*node{byUser[user]}
		if in.bool("split") {
			tables = nil
			vms, byVM := grouped(byUser[user], "VM/ID")
			for _, vm := range vms {
				tables = append(tables, byVM[vm])
			}
		}
		for _, rows := range tables {
			if err := s.printRecords(in, rows, in.noun.defaults); err != nil {
				return err
			}
			fmt.Fprintln(s.out)
		}
	}
	return nil
}

// acctCSV prints all records in one table, ordered by user: the owner of the VM, not the one
// who acted.
func (s *session) acctCSV(in *input, users []string, byUser map[string][]*node) error {
	var rows []*node
	for _, user := range users {
		rows = append(rows, byUser[user]...)
	}
	in.noun.columns[columnIndex(in.noun.columns, "UID")].value = text("VM/UID")
	return s.printRecords(in, rows, append([]string{"UID"}, in.noun.defaults...))
}

// bound parses one end of the requested period.
func (s *session) bound(seconds int) string {
	text := "-"
	if seconds != -1 {
		text = time.Unix(int64(seconds), 0).Format("2006-01-02 15:04:05 -0700")
	}
	return s.painter().section(text)
}
