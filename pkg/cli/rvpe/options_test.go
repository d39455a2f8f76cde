package rvpe

import (
	"slices"
	"strings"
	"testing"
)

// TestOptions expects the results of Ruby's OptionParser.
func TestOptions(t *testing.T) {
	t.Parallel()
	options := []option{
		xmlOption, verboseOption, helpOption,
		{short: 'l', value: "FILE", set: func(s *session, file string) { s.logFile = file }},
	}
	tests := []struct {
		args, rest, set, err string
	}{
		{args: "a -v -- -x b", rest: "a -x b", set: "v"},
		{args: "-xv a", rest: "a", set: "xv"},
		{args: "- a", rest: "- a"},
		{args: "--xm", set: "x"},
		{args: "-xl foo", set: "x foo"},
		{args: "-xlfoo a", rest: "a", set: "x foo"},
		{args: "-l=foo", set: " =foo"},
		{args: "-l -x", set: " -x"},
		{args: "-xh -z", set: "x", rest: ""},
		{args: "-hz", set: ""},
		{args: "-z", err: "invalid option: -z"},
		{args: "-xz", set: "x", err: "invalid option: -z"},
		{args: "-v1", set: "v", err: "invalid option: -1"},
		{args: "--bogus", err: "invalid option: --bogus"},
		{args: "--no-xml", err: "invalid option: --no-xml"},
		{args: "--xml=3", err: "needless argument: --xml=3"},
		{args: "-x=3", err: "needless argument: -x=3"},
		{args: "-l", err: "missing argument: -l"},
	}
	for _, test := range tests {
		s := new(session)
		rest, err := parse(s, options, strings.Fields(test.args))
		if got := errorText(err); got != test.err {
			t.Errorf("%s: error %q, want %q", test.args, got, test.err)
		}
		if err == nil && !slices.Equal(rest, strings.Fields(test.rest)) {
			t.Errorf("%s: left %q, want %q", test.args, rest, test.rest)
		}
		if got := setOf(s); got != test.set {
			t.Errorf("%s: set %q, want %q", test.args, got, test.set)
		}
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// setOf answers the options that are set.
func setOf(s *session) string {
	set := ""
	if s.xml {
		set += "x"
	}
	if s.verbose {
		set += "v"
	}
	if s.logFile != "" {
		set += " " + s.logFile
	}
	return set
}
